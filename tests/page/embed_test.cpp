// A folder that was taken into this program by cmake/page.py is there as it is on the disk.
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "page/page.hpp"

namespace limp::page {
namespace {

std::string on_disk(std::string_view path) {
    std::ifstream file(std::string(LIMP_TEST_STAND_IN "/") += path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string unpacked(std::string_view gzip, std::size_t size_max) {
    std::vector<unsigned char> in(gzip.begin(), gzip.end());
    std::string out(size_max, '\0');
    z_stream stream{};
    stream.next_in = in.data();
    stream.avail_in = static_cast<uInt>(in.size());
    std::vector<unsigned char> bytes(size_max);
    stream.next_out = bytes.data();
    stream.avail_out = static_cast<uInt>(bytes.size());
    EXPECT_EQ(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(stream.total_out));
    inflateEnd(&stream);
    return out;
}

TEST(EmbeddedPage, HasEveryFileAsItIs) {
    ASSERT_EQ(files().size(), 3U);
    for (const char* path : {"assets/dot-9f8e7d6c.png", "assets/stand-in-A1b2c3d4.js", "index.html"}) {
        const File* file = find(files(), path);
        ASSERT_NE(file, nullptr) << path;
        EXPECT_EQ(file->bytes, on_disk(path)) << path;
        EXPECT_EQ(file->etag.size(), 32U) << path;
    }
    EXPECT_EQ(find(files(), "assets/none.js"), nullptr);
}

TEST(EmbeddedPage, HasItsFilesCompressedWhereThatPays) {
    const File* script = find(files(), "assets/stand-in-A1b2c3d4.js");
    EXPECT_LT(script->gzip.size(), script->bytes.size() / 2);
    EXPECT_EQ(unpacked(script->gzip, script->bytes.size() + 1), script->bytes);
    EXPECT_TRUE(find(files(), "assets/dot-9f8e7d6c.png")->gzip.empty());
}

TEST(EmbeddedPage, KnowsTypesAndWhatMayBeKept) {
    EXPECT_EQ(find(files(), "index.html")->type, "text/html; charset=utf-8");
    EXPECT_EQ(find(files(), "assets/dot-9f8e7d6c.png")->type, "image/png");
    EXPECT_FALSE(is_for_ever(*find(files(), "index.html")));
    EXPECT_TRUE(is_for_ever(*find(files(), "assets/dot-9f8e7d6c.png")));
}

}  // namespace
}  // namespace limp::page
