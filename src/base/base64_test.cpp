#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace limp::base {
namespace {

using namespace std::literals;

TEST(Base64, WritesTheExamplesOfRfc4648) {
    EXPECT_EQ(to_base64(""), "");
    EXPECT_EQ(to_base64("f"), "Zg==");
    EXPECT_EQ(to_base64("fo"), "Zm8=");
    EXPECT_EQ(to_base64("foo"), "Zm9v");
    EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
    EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(to_base64url("foob"), "Zm9vYg");
}

TEST(Base64, HasAnAlphabetForUrls) {
    EXPECT_EQ(to_base64("\xFB\xEF\xFF"), "++//");
    EXPECT_EQ(to_base64url("\xFB\xEF\xFF"), "--__");
    EXPECT_EQ(from_base64("--__"), std::nullopt);
    EXPECT_EQ(from_base64url("++//"), std::nullopt);
}

TEST(Base64, ReadsBackEveryByteAtEveryLength) {
    std::string bytes;
    for (int i = 0; i < 260; ++i) {
        EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
        EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
        bytes += static_cast<char>(i);
    }
}

TEST(Base64, WantsExactlyTheRightPadding) {
    EXPECT_EQ(from_base64("Zg=="), "f");
    for (const auto* text :
         {"Zg", "Zg=", "Zg===", "Zm8", "Zm8==", "Zm9v=", "Zm9v====", "=", "==", "====", "Z===",
          "Zg=="
          "Zg=="})
        EXPECT_EQ(from_base64(text), std::nullopt) << text;
    for (const auto* text : {"Zg==", "Zm8=", "Z", "Zm9vZ", "="}) EXPECT_EQ(from_base64url(text), std::nullopt) << text;
}

TEST(Base64, RefusesOtherCharacters) {
    for (const auto text :
         {"Zm9 "sv, "Zm\nv"sv, "Zm9\0"sv, "\0\0\0\0"sv, "Zm9\x80"sv, "Zm9\xFF"sv, "Zm=v"sv, " Zm9v"sv, "Zm9v\n"sv}) {
        EXPECT_EQ(from_base64(text), std::nullopt) << text;
        EXPECT_EQ(from_base64url(text), std::nullopt) << text;
    }
}

TEST(Base64, RefusesUnusedBitsThatAreSet) {
    EXPECT_EQ(from_base64url("Zg"), "f");
    for (const auto* text : {"Zh", "Zv", "Zm9", "Zm-"}) EXPECT_EQ(from_base64url(text), std::nullopt) << text;
    EXPECT_EQ(from_base64("Zh=="), std::nullopt);
    EXPECT_EQ(from_base64("Zm9="), std::nullopt);
}

}  // namespace
}  // namespace limp::base
