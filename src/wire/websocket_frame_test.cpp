#include "wire/websocket_frame.hpp"

#include <gtest/gtest.h>

#include "wire/test_frames.hpp"

namespace limp::wire {
namespace {

using namespace std::literals;

std::string frame(Opcode opcode, std::string_view payload) {
    std::string out;
    append_frame(out, opcode, payload);
    return out;
}

TEST(WebSocketFrame, WritesTheExamplesOfRfc6455) {
    EXPECT_EQ(frame(Opcode::text, "Hello"), "\x81\x05Hello");
    EXPECT_EQ(frame(Opcode::ping, "Hello"), "\x89\x05Hello");
    EXPECT_EQ(frame(Opcode::binary, std::string(256, 'x')).substr(0, 4), "\x82\x7E\x01\x00"sv);
    EXPECT_EQ(
        frame(Opcode::binary, std::string(65536, 'x')).substr(0, 10), "\x82\x7F\x00\x00\x00\x00\x00\x01\x00\x00"sv
    );
}

TEST(WebSocketFrame, WritesTheShortestLength) {
    EXPECT_EQ(frame(Opcode::text, std::string(125, 'x')).size(), 2 + 125U);
    EXPECT_EQ(frame(Opcode::text, std::string(126, 'x')).size(), 4 + 126U);
    EXPECT_EQ(frame(Opcode::text, std::string(65535, 'x')).size(), 4 + 65535U);
    EXPECT_EQ(frame(Opcode::text, std::string(65536, 'x')).size(), 10 + 65536U);
}

TEST(WebSocketFrame, MarksWhatIsCompressed) {
    std::string out;
    append_frame(out, Opcode::text, "abc", true);
    EXPECT_EQ(out, "\xC1\x03"s + "abc");
}

TEST(WebSocketFrame, UnmasksTheExampleOfRfc6455) {
    std::string masked = "\x7f\x9f\x4d\x51\x58";
    unmask(masked, test::mask, 0);
    EXPECT_EQ(masked, "Hello");
}

TEST(WebSocketFrame, UnmasksFromAnyOffsetAtAnyLength) {
    for (std::uint64_t offset = 0; offset < 9; ++offset) {
        for (std::size_t length = 0; length < 40; ++length) {
            std::string bytes(length, 'x');
            unmask(bytes, test::mask, offset);
            for (std::size_t i = 0; i < length; ++i)
                ASSERT_EQ(bytes[i], static_cast<char>('x' ^ test::mask[(offset + i) % 4])) << offset << ' ' << length;
        }
    }
}

TEST(WebSocketFrame, ReadsAHeader) {
    const auto header = read_frame_header("\x01\xFE\x01\x00\x37\xfa\x21\x3d"sv);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->opcode, Opcode::text);
    EXPECT_FALSE(header->is_final);
    EXPECT_FALSE(header->is_compressed);
    EXPECT_EQ(header->length, 256U);
    EXPECT_EQ(header->mask, test::mask);
}

TEST(WebSocketFrame, KnowsItsCloseCodes) {
    for (const int code :
         {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
        EXPECT_TRUE(is_close_code(static_cast<std::uint16_t>(code))) << code;
    for (const int code : {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
        EXPECT_FALSE(is_close_code(static_cast<std::uint16_t>(code))) << code;
}

}  // namespace
}  // namespace limp::wire
