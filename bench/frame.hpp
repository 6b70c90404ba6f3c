// bench/frame.hpp: the least of RFC 6455 that both ends of a measurement need: whole messages in one frame each.
//
// It is not limpd's codec (wire/websocket.hpp): what measures shares nothing with what is measured, and checks no more
// than it must, as it stands for the physical limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace limp::bench {

// What one read takes at most, and the longest message. One such buffer serves all connections of a thread.
inline constexpr std::size_t buffer_bytes = 256 * 1024;

struct Frame {
    static constexpr std::uint8_t text = 1;
    static constexpr std::uint8_t binary = 2;
    static constexpr std::uint8_t close = 8;

    std::uint8_t opcode = 0;
    std::string_view payload;  // unmasked in place
};

// Takes the first frame off `bytes`; nothing while it is not complete.
std::optional<Frame> take_frame(std::span<char>& bytes);

// A text message as a client sends it, with a mask, and as a server does.
std::string masked_frame(std::string_view text);
void append_frame(std::string& out, std::uint8_t opcode, std::string_view payload);

}  // namespace limp::bench
