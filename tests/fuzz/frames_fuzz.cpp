// Any bytes as WebSocket frames. The first byte chooses: deflate or not, a small or a large limit, and in which pieces
// the bytes come, which must make no difference.
#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/must.hpp"
#include "wire/test_frames.hpp"

namespace limp::wire {
namespace {

using fuzz::must;
using Kind = WebSocketEvent::Kind;

// The frame that a client would send for what a server sends.
std::string as_from_client(std::string frame) {
    const std::size_t header = frame_header_bytes(frame);
    frame[1] = static_cast<char>(frame[1] | '\x80');
    return frame.insert(header, sizeof(Mask), '\0');
}

void check_round_trip(const test::Seen& message, const WebSocketOptions& options) {
    WebSocketCodec codec(options);
    std::string out;
    if (message.kind == Kind::text) codec.send_text(out, message.payload);
    if (message.kind == Kind::binary) codec.send_binary(out, message.payload);
    if (message.kind == Kind::ping) WebSocketCodec::send_ping(out, message.payload);
    if (message.kind == Kind::pong) WebSocketCodec::send_pong(out, message.payload);
    if (message.kind == Kind::close) WebSocketCodec::send_close(out, message.code, message.payload);
    if (message.kind == Kind::failed) return;
    must(test::events_of(as_from_client(out), options) == std::vector{message}, "what is sent reads back");
}

std::vector<test::Seen> read_in_pieces(std::string_view bytes, const WebSocketOptions& options, std::size_t seed) {
    WebSocketCodec codec(options);
    std::vector<test::Seen> seen;
    while (!bytes.empty()) {
        seed = seed * 1'664'525 + 1'013'904'223;
        const std::string_view piece = bytes.substr(0, 1 + (seed >> 8) % 40);
        test::feed_all(codec, std::string(piece), seen);
        must(
            codec.held_bytes() <= options.message_bytes + control_bytes_max + frame_header_bytes_max,
            "memory is bounded"
        );
        bytes.remove_prefix(piece.size());
    }
    return seen;
}

void read_any(std::uint8_t choice, std::string_view bytes) {
    const WebSocketOptions options{
        .message_bytes = (choice & 2) != 0 ? 100U : 100'000U,
        .deflate = (choice & 1) != 0,
        .deflate_from_bytes = 0,
        .server_window_bits = 9 + choice % 7,
    };
    const auto seen = test::events_of(bytes, options);
    must(seen == read_in_pieces(bytes, options, choice), "pieces make no difference");
    for (const test::Seen& event : seen) {
        const bool is_last = &event == &seen.back();
        must(is_last || (event.kind != Kind::close && event.kind != Kind::failed), "nothing comes after the end");
        must(
            event.payload.size() <= options.message_bytes || event.payload.size() <= control_bytes_max,
            "a message is bounded"
        );
        check_round_trip(event, options);
    }
}

}  // namespace
}  // namespace limp::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    limp::wire::read_any(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
    return 0;
}
