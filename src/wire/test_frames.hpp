// wire/test_frames.hpp: for tests and fuzzers: frames as clients send them, and what a codec makes of bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/websocket.hpp"
#include "wire/websocket_frame.hpp"

namespace limp::wire::test {

inline constexpr unsigned final_bit = 0x80;
inline constexpr unsigned compressed_bit = 0x40;
inline constexpr Mask mask = {'\x37', '\xfa', '\x21', '\x3d'};

// A masked frame. `first`: its first byte, opcode and bits.
inline std::string client_frame(unsigned first, std::string_view payload) {
    std::string frame;
    append_frame(frame, Opcode::text, payload);
    frame[0] = static_cast<char>(first);
    frame[1] = static_cast<char>(frame[1] | '\x80');
    const std::size_t header = frame.size() - payload.size();
    unmask(std::span(frame).subspan(header), mask, 0);
    frame.insert(header, mask.data(), mask.size());
    return frame;
}

inline std::string client_frame(Opcode opcode, std::string_view payload) {
    return client_frame(final_bit | static_cast<unsigned>(opcode), payload);
}

// An event whose payload is its own.
struct Seen {
    WebSocketEvent::Kind kind;
    std::string payload;
    std::uint16_t code = 0;

    friend bool operator==(const Seen&, const Seen&) = default;
};

// All events of these bytes, fed in one piece.
inline void feed_all(WebSocketCodec& codec, std::string bytes, std::vector<Seen>& seen) {
    codec.feed(bytes.data(), bytes.size());
    for (;;) {
        const WebSocketEvent event = codec.next();
        if (event.kind == WebSocketEvent::Kind::none) return;
        seen.push_back({event.kind, std::string(event.payload), event.code});
    }
}

// All events of these bytes, fed in pieces of that size.
inline std::vector<Seen> events_of(
    std::string_view bytes, const WebSocketOptions& options = {}, std::size_t piece_bytes = std::string_view::npos
) {
    WebSocketCodec codec(options);
    std::vector<Seen> seen;
    while (!bytes.empty()) {
        const std::string_view piece = bytes.substr(0, piece_bytes);
        feed_all(codec, std::string(piece), seen);
        bytes.remove_prefix(piece.size());
    }
    return seen;
}

}  // namespace limp::wire::test
