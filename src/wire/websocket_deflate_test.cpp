#include "wire/websocket_deflate.hpp"

#include <gtest/gtest.h>

#include "wire/test_frames.hpp"

namespace limp::wire {
namespace {

using namespace std::literals;
using test::client_frame;
using test::compressed_bit;
using test::events_of;
using test::final_bit;
using Kind = WebSocketEvent::Kind;
using Events = std::vector<test::Seen>;

constexpr std::size_t plenty = 1'000'000;
constexpr unsigned text_bits = static_cast<unsigned>(Opcode::text) | compressed_bit;

const WebSocketOptions deflating{.deflate = true, .deflate_from_bytes = 0};

std::string inflated(std::string_view compressed) {
    std::string out;
    EXPECT_EQ(inflate_message(compressed, plenty, out), Inflated::complete);
    return out;
}

Inflated outcome(std::string_view compressed, std::size_t bytes_max = plenty) {
    std::string out;
    const Inflated result = inflate_message(compressed, bytes_max, out);
    EXPECT_LE(out.size(), bytes_max + 1);
    return result;
}

std::string deflated(std::string_view message) {
    return deflate_message(message, 15).value();
}

// Text that compresses, and reaches further back than a small window.
std::string prose(std::size_t bytes) {
    std::string text;
    for (unsigned i = 0; text.size() < bytes; ++i) text += "call " + std::to_string(i * 2654435761U % 1'000) + ", ";
    text.resize(bytes);
    return text;
}

TEST(Deflate, ReadsTheExamplesOfRfc7692) {
    EXPECT_EQ(inflated("\xf2\x48\xcd\xc9\xc9\x07\x00"s), "Hello");
    EXPECT_EQ(inflated("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"s), "Hello");          // stored
    EXPECT_EQ(inflated("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"s), "Hello");                      // a last block
    EXPECT_EQ(inflated("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"s), "Hello");  // two blocks
    EXPECT_EQ(inflated("\x00"s), "");
}

TEST(Deflate, ReadsBackWhatItWrote) {
    for (int window_bits = 9; window_bits <= 15; ++window_bits) {
        for (const std::size_t bytes : {200U, 1'000U, 100'000U}) {
            const auto compressed = deflate_message(prose(bytes), window_bits);
            ASSERT_TRUE(compressed);
            EXPECT_LT(compressed->size(), bytes);
            EXPECT_EQ(inflated(*compressed), prose(bytes));
        }
    }
}

TEST(Deflate, TakesNothingFromOneMessageToTheNext) {
    EXPECT_EQ(deflated(prose(500)), deflated(prose(500)));
    outcome("\xFF\xFF broken");
    EXPECT_EQ(inflated("\xf2\x48\xcd\xc9\xc9\x07\x00"s), "Hello");
}

TEST(Deflate, LeavesWhatDoesNotShrink) {
    EXPECT_EQ(deflate_message("", 15), std::nullopt);
    EXPECT_EQ(deflate_message("a", 15), std::nullopt);
    EXPECT_EQ(deflate_message("abcdefgh", 15), std::nullopt);
    std::string noise;
    for (unsigned i = 0, state = 1; i < 5'000; ++i) {
        state = state * 1664525 + 1013904223;
        noise += static_cast<char>(state >> 24);
    }
    EXPECT_EQ(deflate_message(noise, 15), std::nullopt);
    for (std::size_t bytes = 0; bytes < 100; ++bytes) {
        const std::string same(bytes, 'x');
        if (const auto compressed = deflate_message(same, 15)) EXPECT_LT(compressed->size(), bytes);
    }
}

TEST(Deflate, StopsAtTheLimit) {
    const std::string bomb = deflated(std::string(plenty, '\0'));
    EXPECT_LT(bomb.size(), 10'000U);
    EXPECT_EQ(outcome(bomb, plenty), Inflated::complete);
    EXPECT_EQ(outcome(bomb, plenty - 1), Inflated::too_big);
    EXPECT_EQ(outcome(bomb, 1'000), Inflated::too_big);
    EXPECT_EQ(outcome(bomb, 0), Inflated::too_big);
    EXPECT_EQ(outcome(deflated(prose(600)), 600), Inflated::complete);
    EXPECT_EQ(outcome("\x00"s, 0), Inflated::complete);
}

TEST(Deflate, RefusesWhatIsMalformed) {
    for (const auto& text :
         {""s, "\xFF"s, "\x07"s, "\x06"s, "Hello"s, "\x00\x05\x00\x00\x00Hello"s,
          "\x02\xF0\xFF"s + std::string(20, '\xFF')})
        EXPECT_EQ(outcome(text), Inflated::malformed);
}

TEST(Deflate, RefusesWhatWasCutOff) {
    const std::string whole = deflated(prose(1'000));
    for (std::size_t bytes = 1; bytes + 1 < whole.size(); ++bytes)
        EXPECT_NE(outcome(whole.substr(0, bytes)), Inflated::complete) << bytes;
}

TEST(DeflatingCodec, ReadsCompressedMessages) {
    const std::string compressed = deflated(prose(2'000));
    const std::string frame = client_frame(final_bit | text_bits, compressed);
    const Events twice = {{Kind::text, prose(2'000)}, {Kind::text, prose(2'000)}};
    for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{100}})
        EXPECT_EQ(events_of(frame + frame, deflating, piece), twice);

    const std::string fragments = client_frame(text_bits, compressed.substr(0, 50)) +
                                  client_frame(Opcode::ping, "between") +
                                  client_frame(Opcode::continuation, compressed.substr(50));
    EXPECT_EQ(events_of(fragments, deflating), (Events{{Kind::ping, "between"}, {Kind::text, prose(2'000)}}));
}

TEST(DeflatingCodec, ReadsPlainMessagesToo) {
    const std::string bytes = client_frame(Opcode::text, "plain") + client_frame(0x42, "\x00"s) +
                              client_frame(Opcode::continuation, "") + client_frame(Opcode::binary, "\xFF");
    EXPECT_EQ(events_of(bytes, deflating), (Events{{Kind::text, "plain"}, {Kind::binary, ""}, {Kind::binary, "\xFF"}}));
}

TEST(DeflatingCodec, RefusesWhatIsWrong) {
    const auto failure = [](std::uint16_t code) { return Events{{Kind::failed, "", code}}; };
    const auto text = [](std::string_view compressed) { return client_frame(final_bit | text_bits, compressed); };
    const WebSocketOptions small{.message_bytes = 1'000, .deflate = true};

    EXPECT_EQ(events_of(text("\xFF\xFF"), deflating), failure(CloseCode::not_utf8));
    EXPECT_EQ(events_of(text(deflated(std::string(100, '\xFF'))), deflating), failure(CloseCode::not_utf8));
    EXPECT_EQ(events_of(text(deflated(std::string(1'000, 'x'))), small).at(0).kind, Kind::text);
    EXPECT_EQ(events_of(text(deflated(std::string(1'001, 'x'))), small), failure(CloseCode::too_big));
    EXPECT_EQ(events_of(text(std::string(1'001, 'x')), small), failure(CloseCode::too_big));
    EXPECT_EQ(events_of(client_frame(0xC9, "ping"), deflating), failure(CloseCode::protocol_error));
    EXPECT_EQ(events_of(client_frame(0xC8, ""), deflating), failure(CloseCode::protocol_error));
    EXPECT_EQ(
        events_of(client_frame(0x01, "a") + client_frame(0xC0, "b"), deflating), failure(CloseCode::protocol_error)
    );
}

TEST(DeflatingCodec, CompressesWhatIsLongEnoughAndShrinks) {
    WebSocketCodec codec({.deflate = true, .deflate_from_bytes = 100, .server_window_bits = 9});
    const auto first_byte = [&](const std::string& text) {
        std::string out;
        codec.send_text(out, text);
        return static_cast<unsigned char>(out[0]);
    };
    EXPECT_EQ(first_byte(std::string(99, 'x')), 0x81);
    EXPECT_EQ(first_byte(std::string(100, 'x')), 0xC1);

    std::string out;
    codec.send_binary(out, prose(10'000));
    EXPECT_EQ(static_cast<unsigned char>(out[0]), 0xC2);
    EXPECT_LT(out.size(), 10'000U);
    EXPECT_EQ(inflated(std::string_view(out).substr(4)), prose(10'000));
}

}  // namespace
}  // namespace limp::wire
