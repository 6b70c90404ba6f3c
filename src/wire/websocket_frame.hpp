// wire/websocket_frame.hpp: one frame of RFC 6455 §5: its header, its mask, and how one is written.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace limp::wire {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

constexpr bool is_control(Opcode opcode) {
    return opcode >= Opcode::close;
}

using Mask = std::array<char, 4>;

struct FrameHeader {
    Opcode opcode = Opcode::continuation;
    bool is_final = false;
    bool is_compressed = false;  // RSV1, see RFC 7692 §6
    std::uint64_t length = 0;    // of the payload
    Mask mask{};
};

inline constexpr std::size_t frame_header_bytes_max = 14;
inline constexpr std::size_t control_bytes_max = 125;

// The length of the header that begins with these bytes, two at least.
std::size_t frame_header_bytes(std::string_view beginning);

// A whole header from a client. Nothing when the frame breaks the protocol all by itself: RSV2 or RSV3, a reserved
// opcode, no mask, a control frame that is long or not final, a length that is not minimal or has its top bit set.
std::optional<FrameHeader> read_frame_header(std::string_view header);

// Applies the mask to a piece of a payload that begins `offset` bytes into it.
void unmask(std::span<char> piece, const Mask& mask, std::uint64_t offset);

// Whether a close frame may carry that code (RFC 6455 §7.4 and IANA's registry).
bool is_close_code(std::uint16_t code);

// One final frame, as a server sends it: without a mask.
void append_frame(std::string& out, Opcode opcode, std::string_view payload, bool is_compressed = false);

}  // namespace limp::wire
