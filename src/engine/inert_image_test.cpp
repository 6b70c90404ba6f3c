#include "engine/inert_image.hpp"

#include <gtest/gtest.h>

#include <string>

namespace limp::engine {
namespace {

TEST(InertImage, KnowsImagesByTheirBytes) {
    using namespace std::literals;
    EXPECT_EQ(inert_image("\x89PNG\r\n\x1a\n..."), "image/png");
    EXPECT_EQ(inert_image("\xff\xd8\xff\xe0"), "image/jpeg");
    EXPECT_EQ(inert_image("GIF89a"), "image/gif");
    EXPECT_EQ(inert_image("RIFF\0\0\0\0WEBPVP8 "sv), "image/webp");
    EXPECT_EQ(
        inert_image("\0\0\0\x1c"
                    "ftypavif"sv),
        "image/avif"
    );
}

TEST(InertImage, TakesNothingElseForOne) {
    for (const char* bytes :
         {"", "P", "\x89PNG", "<svg xmlns='http://www.w3.org/2000/svg'>", "<html>", "%PDF-1.7", "RIFF....AVI ",
          " GIF89a"})
        EXPECT_EQ(inert_image(bytes), std::nullopt) << bytes;
}

}  // namespace
}  // namespace limp::engine
