#include <gtest/gtest.h>

#include <utility>

#include "wire/test_frames.hpp"
#include "wire/websocket.hpp"

namespace limp::wire {
namespace {

using namespace std::literals;
using test::client_frame;
using test::events_of;
using test::final_bit;
using test::Seen;
using Kind = WebSocketEvent::Kind;
using Events = std::vector<Seen>;

constexpr auto continuation = Opcode::continuation;

std::string fragment(Opcode opcode, std::string_view payload) {
    return client_frame(static_cast<unsigned>(opcode), payload);
}

std::string close_frame(int code, std::string_view reason = {}) {
    std::string payload = {static_cast<char>(code >> 8), static_cast<char>(code & 255)};
    return client_frame(Opcode::close, payload + std::string(reason));
}

Events failure(std::uint16_t code) {
    return {{Kind::failed, "", code}};
}

// Whatever the pieces are, the events are the same.
void expect_events(const std::string& bytes, const Events& expected, const WebSocketOptions& options = {}) {
    EXPECT_EQ(events_of(bytes, options), expected);
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U})
        EXPECT_EQ(events_of(bytes, options, piece), expected) << piece;
}

TEST(WebSocketCodec, ReadsMessagesOfEveryLength) {
    for (const std::size_t length : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U, 200'000U}) {
        const std::string text(length, 'x');
        const std::string bytes = client_frame(Opcode::text, text) + client_frame(Opcode::binary, text);
        const Events expected = {{Kind::text, text}, {Kind::binary, text}};
        EXPECT_EQ(events_of(bytes), expected);
        EXPECT_EQ(events_of(bytes, {}, 999), expected);
        if (length < 1'000) expect_events(bytes, expected);
    }
}

TEST(WebSocketCodec, CopiesNothingOfAFrameThatIsAllThere) {
    std::string bytes = client_frame(Opcode::ping, "p") + client_frame(Opcode::text, "Hello");
    WebSocketCodec codec({});
    codec.feed(bytes.data(), bytes.size());
    EXPECT_EQ(codec.next().kind, Kind::ping);
    const WebSocketEvent event = codec.next();
    EXPECT_EQ(event.payload, "Hello");
    EXPECT_EQ(event.payload.data(), bytes.data() + bytes.size() - 5);
    EXPECT_EQ(codec.next().kind, Kind::none);
}

TEST(WebSocketCodec, JoinsFragments) {
    expect_events(
        fragment(Opcode::text, "Hel") + fragment(continuation, "") + client_frame(continuation, "lo"),
        {{Kind::text, "Hello"}}
    );
    expect_events(fragment(Opcode::binary, "") + client_frame(continuation, ""), {{Kind::binary, ""}});
    expect_events(fragment(Opcode::text, "") + client_frame(continuation, "whole"), {{Kind::text, "whole"}});
}

TEST(WebSocketCodec, LetsControlFramesBetweenFragments) {
    expect_events(
        fragment(Opcode::text, "Hel") + client_frame(Opcode::ping, "1") + fragment(continuation, "l") +
            client_frame(Opcode::pong, std::string(125, 'p')) + client_frame(continuation, "o") +
            client_frame(Opcode::text, "next"),
        {{Kind::ping, "1"}, {Kind::pong, std::string(125, 'p')}, {Kind::text, "Hello"}, {Kind::text, "next"}}
    );
}

TEST(WebSocketCodec, ReadsAMessageInVeryManyFragments) {
    constexpr std::size_t fragments = 65'537;
    const std::string piece(256, 'x');
    std::string bytes = fragment(Opcode::text, "");
    for (std::size_t i = 1; i < fragments; ++i) bytes += fragment(continuation, piece);
    bytes += client_frame(continuation, "");
    const Events seen = events_of(bytes, {.message_bytes = 16 * 1024 * 1024}, 256 * 1024);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].kind, Kind::text);
    EXPECT_EQ(seen[0].payload.size(), 16U * 1024 * 1024);
}

TEST(WebSocketCodec, HoldsNothingForEmptyFragments) {
    WebSocketCodec codec({});
    Events seen;
    test::feed_all(codec, fragment(Opcode::text, ""), seen);
    for (int i = 0; i < 1'000; ++i) test::feed_all(codec, fragment(continuation, ""), seen);
    EXPECT_EQ(seen, Events());
    EXPECT_EQ(codec.held_bytes(), 0U);
}

TEST(WebSocketCodec, SaysWhatItHolds) {
    WebSocketCodec codec({});
    Events seen;
    test::feed_all(codec, fragment(Opcode::text, "12345"), seen);
    EXPECT_EQ(codec.held_bytes(), 5U);
    test::feed_all(codec, client_frame(Opcode::ping, "abc").substr(0, 8), seen);
    EXPECT_EQ(codec.held_bytes(), 7U);
    test::feed_all(codec, client_frame(Opcode::ping, "abc").substr(8) + "\x80", seen);
    EXPECT_EQ(codec.held_bytes(), 6U);
    test::feed_all(codec, client_frame(continuation, "").substr(1), seen);
    EXPECT_EQ(codec.held_bytes(), 0U);
    EXPECT_EQ(seen, (Events{{Kind::ping, "abc"}, {Kind::text, "12345"}}));
}

TEST(WebSocketCodec, GoesOnAfterAMove) {
    WebSocketCodec first({});
    Events seen;
    test::feed_all(first, fragment(Opcode::text, "Hel"), seen);
    WebSocketCodec second(std::move(first));
    test::feed_all(second, client_frame(continuation, "lo"), seen);
    EXPECT_EQ(seen, (Events{{Kind::text, "Hello"}}));
}

TEST(WebSocketCodec, RefusesWhatBreaksTheProtocol) {
    const std::string mask(4, '\0');
    const std::vector<std::pair<std::string, std::string>> frames = {
        {"no mask", "\x81\x05Hello"},
        {"no mask, nothing in it", "\x81\x00"s},
        {"RSV1 without deflate", client_frame(0xC1, "x")},
        {"RSV2", client_frame(0xA1, "x")},
        {"RSV3", client_frame(0x91, "x")},
        {"a long ping", client_frame(Opcode::ping, std::string(126, 'x'))},
        {"a very long close", client_frame(Opcode::close, std::string(70'000, 'x'))},
        {"a fragment of a ping", fragment(Opcode::ping, "x")},
        {"a fragment of a close", fragment(Opcode::close, "")},
        {"a continuation of nothing", client_frame(continuation, "x")},
        {"a fragment of nothing", fragment(continuation, "x")},
        {"a text within a text", fragment(Opcode::text, "x") + client_frame(Opcode::text, "x")},
        {"a binary within a text", fragment(Opcode::text, "x") + fragment(Opcode::binary, "x")},
        {"a continuation after the end",
         fragment(Opcode::text, "x") + fragment(continuation, "x") + client_frame(Opcode::binary, "x")},
        {"125 in two bytes", "\x81\xFE\x00\x7D"s + mask},
        {"0 in two bytes", "\x81\xFE\x00\x00"s + mask},
        {"a ping of 5 in two bytes", "\x89\xFE\x00\x05"s + mask},
        {"65535 in eight bytes", "\x81\xFF\x00\x00\x00\x00\x00\x00\xFF\xFF"s + mask},
        {"2^63", "\x81\xFF\x80\x00\x00\x00\x00\x00\x00\x00"s + mask},
    };
    for (const auto& [name, bytes] : frames) {
        SCOPED_TRACE(name);
        expect_events(bytes, failure(CloseCode::protocol_error));
    }
    for (const unsigned opcode : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U}) {
        SCOPED_TRACE(opcode);
        expect_events(client_frame(final_bit | opcode, ""), failure(CloseCode::protocol_error));
    }
}

TEST(WebSocketCodec, LooksAtNothingAfterAFailure) {
    const std::string good = client_frame(Opcode::text, "good");
    expect_events(good + "\x81\x05" + good, {{Kind::text, "good"}, {Kind::failed, "", CloseCode::protocol_error}});
}

TEST(WebSocketCodec, RefusesALongMessageBeforeItsPayload) {
    const WebSocketOptions options{.message_bytes = 1'000};
    expect_events(
        client_frame(Opcode::text, std::string(1'000, 'x')), {{Kind::text, std::string(1'000, 'x')}}, options
    );
    expect_events(
        client_frame(Opcode::text, std::string(1'001, 'x')).substr(0, 8), failure(CloseCode::too_big), options
    );
    const std::string huge = "\x82\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s + std::string(4, '\0');
    expect_events(huge, failure(CloseCode::too_big), options);
}

TEST(WebSocketCodec, BoundsTheSumOfTheFragments) {
    const WebSocketOptions options{.message_bytes = 1'000};
    const std::string most = fragment(Opcode::binary, std::string(999, 'x'));
    expect_events(most + client_frame(continuation, "x"), {{Kind::binary, std::string(1'000, 'x')}}, options);
    expect_events(most + client_frame(continuation, "xx"), failure(CloseCode::too_big), options);
    expect_events(
        most + client_frame(Opcode::ping, "xx") + client_frame(continuation, "x"),
        {{Kind::ping, "xx"}, {Kind::binary, std::string(1'000, 'x')}}, options
    );
}

TEST(WebSocketCodec, TakesTextThatIsUtf8Only) {
    expect_events(client_frame(Opcode::text, "κόσμε"), {{Kind::text, "κόσμε"}});
    expect_events(client_frame(Opcode::binary, "\xFF"), {{Kind::binary, "\xFF"}});
    for (const auto text : {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "enough letters to skip \xE2\x82"})
        expect_events(client_frame(Opcode::text, text), failure(CloseCode::not_utf8));
}

TEST(WebSocketCodec, TakesCharactersThatAreCutByFragments) {
    const std::string text = "κόσμε \xF0\x9F\x92\xA9";
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
        expect_events(
            fragment(Opcode::text, text.substr(0, cut)) + client_frame(continuation, text.substr(cut)),
            {{Kind::text, text}}
        );
    expect_events(fragment(Opcode::text, "\xCE") + client_frame(continuation, "x"), failure(CloseCode::not_utf8));
    expect_events(fragment(Opcode::text, "\xCE") + client_frame(continuation, ""), failure(CloseCode::not_utf8));
}

TEST(WebSocketCodec, FindsWrongTextBeforeItsEnd) {
    expect_events(fragment(Opcode::text, "\xF4\x90"), failure(CloseCode::not_utf8));
    expect_events(fragment(Opcode::text, "a") + fragment(continuation, "\x80"), failure(CloseCode::not_utf8));
    const std::string incomplete = client_frame(Opcode::text, "\xF4\x90" + std::string(100, 'x')).substr(0, 8);
    expect_events(incomplete, failure(CloseCode::not_utf8));
}

TEST(WebSocketCodec, ReadsAClose) {
    expect_events(client_frame(Opcode::close, ""), {{Kind::close, "", CloseCode::none}});
    expect_events(close_frame(1000), {{Kind::close, "", 1000}});
    expect_events(close_frame(1014), {{Kind::close, "", 1014}});
    expect_events(close_frame(4999, "bye, κόσμε"), {{Kind::close, "bye, κόσμε", 4999}});
    expect_events(close_frame(1001, std::string(123, 'x')), {{Kind::close, std::string(123, 'x'), 1001}});
}

TEST(WebSocketCodec, RefusesAWrongClose) {
    expect_events(client_frame(Opcode::close, "x"), failure(CloseCode::protocol_error));
    for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535})
        expect_events(close_frame(code), failure(CloseCode::protocol_error));
    expect_events(close_frame(1000, "\xCE"), failure(CloseCode::not_utf8));
}

TEST(WebSocketCodec, LooksAtNothingAfterAClose) {
    const std::string after = close_frame(1000) + client_frame(Opcode::text, "late") + "\xFF\xFF\xFF";
    expect_events(after, {{Kind::close, "", 1000}});
    expect_events(fragment(Opcode::text, "half") + after, {{Kind::close, "", 1000}});
}

TEST(WebSocketCodec, SendsMessages) {
    WebSocketCodec codec({});
    std::string out = "before";
    codec.send_text(out, "Hello");
    codec.send_binary(out, "\x01"s);
    EXPECT_EQ(out, "before\x81\x05Hello\x82\x01\x01");
}

TEST(WebSocketCodec, SendsControlFramesOfAtMost125Bytes) {
    std::string out;
    WebSocketCodec::send_ping(out, "p");
    WebSocketCodec::send_pong(out, std::string(130, 'x'));
    EXPECT_EQ(out, "\x89\x01p\x8A\x7D" + std::string(125, 'x'));
}

TEST(WebSocketCodec, SendsAClose) {
    const auto close = [](std::uint16_t code, std::string_view reason = {}) {
        std::string out;
        WebSocketCodec::send_close(out, code, reason);
        return out;
    };
    EXPECT_EQ(close(1000), "\x88\x02\x03\xE8"s);
    EXPECT_EQ(close(1001, "bye"), "\x88\x05\x03\xE9"s + "bye");
    EXPECT_EQ(close(CloseCode::none, "not sent"), "\x88\x00"s);
    EXPECT_EQ(close(1008, std::string(200, 'x')), "\x88\x7D\x03\xF0" + std::string(123, 'x'));
    // A character is not cut in two.
    EXPECT_EQ(close(1008, std::string(122, 'x') + "é"), "\x88\x7C\x03\xF0" + std::string(122, 'x'));
}

}  // namespace
}  // namespace limp::wire
