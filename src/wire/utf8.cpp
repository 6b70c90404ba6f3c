#include "wire/utf8.hpp"

#include <cstring>

namespace limp::wire {
namespace {

// How many bytes at the beginning are ASCII, rounded down to eights.
std::size_t ascii_bytes(std::string_view text) {
    std::size_t count = 0;
    for (; count + 8 <= text.size(); count += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + count, 8);
        if ((eight & 0x8080808080808080) != 0) break;
    }
    return count;
}

}  // namespace

bool Utf8Stream::take(std::string_view piece) {
    while (!piece.empty()) {
        if (missing_ == 0) piece.remove_prefix(ascii_bytes(piece));
        if (piece.empty()) break;
        if (!take_byte(static_cast<std::uint8_t>(piece.front()))) return false;
        piece.remove_prefix(1);
    }
    return true;
}

bool Utf8Stream::take_byte(std::uint8_t byte) {
    if (missing_ > 0) {
        if (byte < low_ || byte > high_) return false;
        --missing_;
        low_ = 0x80;
        high_ = 0xBF;
        return true;
    }
    if (byte < 0x80) return true;
    if (byte < 0xC2 || byte > 0xF4) return false;
    missing_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
    if (byte == 0xE0) low_ = 0xA0;   // below: could be written shorter
    if (byte == 0xED) high_ = 0x9F;  // above: surrogates
    if (byte == 0xF0) low_ = 0x90;   // below: could be written shorter
    if (byte == 0xF4) high_ = 0x8F;  // above: past U+10FFFF
    return true;
}

}  // namespace limp::wire
