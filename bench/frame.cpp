#include "bench/frame.hpp"

#include <array>
#include <cstring>

namespace limp::bench {

namespace {

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::size_t mask_bytes = 4;
constexpr std::array<char, mask_bytes> client_mask = {'\x37', '\xfa', '\x21', '\x3d'};

std::uint8_t byte_at(std::span<const char> bytes, std::size_t place) {
    return static_cast<std::uint8_t>(bytes[place]);
}

// A big-endian number.
std::uint64_t number_at(std::span<const char> bytes, std::size_t place, std::size_t count) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < count; ++i) number = number << 8 | byte_at(bytes, place + i);
    return number;
}

void apply_mask(char* payload, std::size_t count, const char* mask) {
    std::uint64_t wide = 0;
    std::memcpy(&wide, mask, mask_bytes);
    wide |= wide << 32;
    std::size_t place = 0;
    for (; place + sizeof wide <= count; place += sizeof wide) {
        std::uint64_t piece = 0;
        std::memcpy(&piece, payload + place, sizeof piece);
        piece ^= wide;
        std::memcpy(payload + place, &piece, sizeof piece);
    }
    for (; place < count; ++place) payload[place] = static_cast<char>(payload[place] ^ mask[place % mask_bytes]);
}

void append_header(std::string& out, std::uint8_t opcode, std::size_t length, std::uint8_t masked) {
    const std::size_t length_bytes = length < 126 ? 0 : length < 65'536 ? 2 : 8;
    out += static_cast<char>(final_bit | opcode);
    out += static_cast<char>(masked | (length_bytes == 0 ? length : length_bytes == 2 ? 126 : 127));
    for (std::size_t i = length_bytes; i-- > 0;) out += static_cast<char>(length >> (8 * i) & 0xff);
}

}  // namespace

std::optional<Frame> take_frame(std::span<char>& bytes) {
    if (bytes.size() < 2) return std::nullopt;
    const std::uint8_t second = byte_at(bytes, 1);
    const bool is_masked = (second & mask_bit) != 0;
    const std::uint8_t short_length = second & 0x7f;
    const std::size_t length_bytes = short_length < 126 ? 0 : short_length == 126 ? 2 : 8;
    const std::size_t header = 2 + length_bytes + (is_masked ? mask_bytes : 0);
    if (bytes.size() < header) return std::nullopt;
    const std::uint64_t length = length_bytes == 0 ? short_length : number_at(bytes, 2, length_bytes);
    if (bytes.size() - header < length) return std::nullopt;

    char* const payload = bytes.data() + header;
    if (is_masked) apply_mask(payload, length, payload - mask_bytes);
    const Frame frame{static_cast<std::uint8_t>(byte_at(bytes, 0) & 0x0f), {payload, length}};
    bytes = bytes.subspan(header + length);
    return frame;
}

std::string masked_frame(std::string_view text) {
    std::string out;
    append_header(out, Frame::text, text.size(), mask_bit);
    out.append(client_mask.data(), client_mask.size());
    out += text;
    apply_mask(out.data() + out.size() - text.size(), text.size(), client_mask.data());
    return out;
}

void append_frame(std::string& out, std::uint8_t opcode, std::string_view payload) {
    append_header(out, opcode, payload.size(), 0);
    out += payload;
}

}  // namespace limp::bench
