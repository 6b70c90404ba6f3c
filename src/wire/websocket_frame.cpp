#include "wire/websocket_frame.hpp"

#include <cstring>

namespace limp::wire {
namespace {

constexpr unsigned final_bit = 0x80;
constexpr unsigned compressed_bit = 0x40;
constexpr unsigned reserved_bits = 0x30;
constexpr unsigned opcode_bits = 0x0F;
constexpr unsigned mask_bit = 0x80;
constexpr unsigned length_bits = 0x7F;
constexpr unsigned length_in_2_bytes = 126;
constexpr unsigned length_in_8_bytes = 127;

unsigned byte(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

std::uint64_t read_number(std::string_view bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) number = number << 8 | byte(bytes, i);
    return number;
}

void append_number(std::string& out, std::uint64_t number, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>((number >> shift) & 0xFF);
}

std::size_t length_bytes(unsigned short_length) {
    return short_length == length_in_8_bytes ? 8 : short_length == length_in_2_bytes ? 2 : 0;
}

std::optional<Opcode> read_opcode(unsigned opcode) {
    const bool is_reserved = (opcode > 2 && opcode < 8) || opcode > 10;
    if (is_reserved) return std::nullopt;
    return static_cast<Opcode>(opcode);
}

// The minimal number of bytes must be used (RFC 6455 §5.2).
std::optional<std::uint64_t> read_length(std::string_view header) {
    const unsigned short_length = byte(header, 1) & length_bits;
    if (short_length < length_in_2_bytes) return short_length;
    const std::uint64_t length = read_number(header.substr(2, length_bytes(short_length)));
    const bool is_minimal = short_length == length_in_2_bytes ? length >= length_in_2_bytes : length > 0xFFFF;
    const bool is_negative = length >> 63 != 0;
    if (!is_minimal || is_negative) return std::nullopt;
    return length;
}

}  // namespace

std::size_t frame_header_bytes(std::string_view beginning) {
    const bool has_mask = (byte(beginning, 1) & mask_bit) != 0;
    return 2 + length_bytes(byte(beginning, 1) & length_bits) + (has_mask ? sizeof(Mask) : 0);
}

std::optional<FrameHeader> read_frame_header(std::string_view header) {
    const unsigned first = byte(header, 0);
    const auto opcode = read_opcode(first & opcode_bits);
    const auto length = read_length(header);
    const bool has_mask = (byte(header, 1) & mask_bit) != 0;
    if (!opcode || !length || !has_mask || (first & reserved_bits) != 0) return std::nullopt;

    FrameHeader read;
    read.opcode = *opcode;
    read.is_final = (first & final_bit) != 0;
    read.is_compressed = (first & compressed_bit) != 0;
    read.length = *length;
    std::memcpy(read.mask.data(), header.data() + header.size() - sizeof(Mask), sizeof(Mask));
    if (is_control(read.opcode) && (!read.is_final || read.length > control_bytes_max)) return std::nullopt;
    return read;
}

void unmask(std::span<char> piece, const Mask& mask, std::uint64_t offset) {
    Mask turned{};
    for (std::size_t i = 0; i < turned.size(); ++i) turned[i] = mask[(offset + i) % mask.size()];

    std::uint64_t eight_of_mask = 0;
    std::memcpy(&eight_of_mask, turned.data(), 4);
    std::memcpy(reinterpret_cast<char*>(&eight_of_mask) + 4, turned.data(), 4);
    std::size_t at = 0;
    for (; at + 8 <= piece.size(); at += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, piece.data() + at, 8);
        eight ^= eight_of_mask;
        std::memcpy(piece.data() + at, &eight, 8);
    }
    for (; at < piece.size(); ++at) piece[at] = static_cast<char>(piece[at] ^ turned[at % turned.size()]);
}

bool is_close_code(std::uint16_t code) {
    const bool is_standard = code >= 1000 && code <= 1014;
    const bool is_never_sent = code >= 1004 && code <= 1006;
    return (is_standard && !is_never_sent) || (code >= 3000 && code <= 4999);
}

void append_frame(std::string& out, Opcode opcode, std::string_view payload, bool is_compressed) {
    out += static_cast<char>(final_bit | (is_compressed ? compressed_bit : 0) | static_cast<unsigned>(opcode));
    if (payload.size() < length_in_2_bytes) {
        out += static_cast<char>(payload.size());
    } else if (payload.size() <= 0xFFFF) {
        out += static_cast<char>(length_in_2_bytes);
        append_number(out, payload.size(), 2);
    } else {
        out += static_cast<char>(length_in_8_bytes);
        append_number(out, payload.size(), 8);
    }
    out += payload;
}

}  // namespace limp::wire
