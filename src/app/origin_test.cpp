#include "app/origin.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace limp::app {
namespace {

const std::vector<std::string> nobody;

TEST(Origin, AbsentIsNoBrowser) {
    EXPECT_TRUE(is_allowed_origin("", "limp.example", false, nobody));
}

TEST(Origin, TheSameHost) {
    EXPECT_TRUE(is_allowed_origin("https://limp.example:8081", "limp.example:8081", false, nobody));
    EXPECT_TRUE(is_allowed_origin("https://LIMP.example", "limp.EXAMPLE", false, nobody));
    EXPECT_FALSE(is_allowed_origin("https://limp.example", "limp.example:8081", false, nobody));
}

TEST(Origin, LoopbackInADevEnvAlone) {
    for (const char* page : {"http://localhost:5173", "http://localhost", "http://127.0.0.1:3000", "http://[::1]:80"}) {
        EXPECT_TRUE(is_allowed_origin(page, "limp.example", true, nobody)) << page;
        EXPECT_FALSE(is_allowed_origin(page, "limp.example", false, nobody)) << page;
    }
}

TEST(Origin, LooksLikeLoopbackAndIsNot) {
    for (const char* page :
         {"http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://[::1].evil.example", "null",
          "localhost", "http://evil.example/localhost"}) {
        EXPECT_FALSE(is_allowed_origin(page, "limp.example", true, nobody)) << page;
    }
}

TEST(Origin, TheList) {
    const std::vector<std::string> list{"https://app.example.com"};
    EXPECT_TRUE(is_allowed_origin("https://app.example.com", "limp.example", false, list));
    EXPECT_FALSE(is_allowed_origin("http://app.example.com", "limp.example", false, list));
    EXPECT_FALSE(is_allowed_origin("https://app.example.com.evil", "limp.example", false, list));
    const std::vector<std::string> any{"*"};
    EXPECT_TRUE(is_allowed_origin("https://anything", "limp.example", false, any));
}

}  // namespace
}  // namespace limp::app
