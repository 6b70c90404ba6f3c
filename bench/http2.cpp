#include "bench/http2.hpp"

#include <cstring>
#include <stdexcept>

namespace limp::bench::http2 {

namespace {

constexpr std::uint32_t our_stream = 1;
constexpr std::uint8_t flag_last_or_ack = 0x1;
constexpr std::uint8_t flag_end_headers = 0x4;
constexpr std::size_t frame_bytes_max = 16'384;
constexpr std::uint32_t window_most = 0x7fff'ffff;
constexpr std::uint32_t window_default = 65'535;
constexpr std::uint16_t setting_initial_window = 4;

void append_number(std::string& out, std::size_t number, std::size_t bytes) {
    for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>(number >> (8 * i) & 0xff);
}

std::string frame(Type type, std::uint8_t flags, std::uint32_t stream, std::string_view payload) {
    std::string out;
    out.reserve(frame_head_bytes + payload.size());
    append_number(out, payload.size(), 3);
    out += static_cast<char>(type);
    out += static_cast<char>(flags);
    append_number(out, stream, 4);
    return out.append(payload);
}

// RFC 7541 §6.2.2: a literal that nobody remembers, with a name of its own; neither text longer than 126 bytes.
void append_field(std::string& block, std::string_view name, std::string_view value) {
    block += '\0';
    append_number(block, name.size(), 1);
    block += name;
    append_number(block, value.size(), 1);
    block += value;
}

std::string connect_request(const std::string& authority, const std::string& path) {
    std::string block;
    append_field(block, ":method", "CONNECT");
    append_field(block, ":protocol", "websocket");
    append_field(block, ":scheme", "http");
    append_field(block, ":path", path);
    append_field(block, ":authority", authority);
    append_field(block, "sec-websocket-version", "13");
    return frame(Type::headers, flag_end_headers, our_stream, block);
}

}  // namespace

FrameHead head_of(std::span<const char> bytes) {
    const auto byte = [&](std::size_t place) { return static_cast<std::uint8_t>(bytes[place]); };
    return {
        .length = std::size_t{byte(0)} << 16 | std::size_t{byte(1)} << 8 | byte(2),
        .type = Type{byte(3)},
        .is_last = (byte(4) & flag_last_or_ack) != 0,
    };
}

std::string opening(const std::string& authority, const std::string& path) {
    std::string settings;
    append_number(settings, setting_initial_window, 2);
    append_number(settings, window_most, 4);
    std::string more_window;
    append_number(more_window, window_most - window_default, 4);
    return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(Type::settings, 0, 0, settings) +
           frame(Type::window_update, 0, 0, more_window) + connect_request(authority, path);
}

std::string settings_ack() {
    return frame(Type::settings, flag_last_or_ack, 0, {});
}

// RFC 7541, appendix A: ":status 200" is the eighth entry of the table that both sides have from the start.
bool is_200(std::string_view payload) {
    return payload.starts_with('\x88');
}

std::string in_data_frame(std::string_view bytes) {
    if (bytes.size() > frame_bytes_max)
        throw std::runtime_error("a message that does not fit into one frame of HTTP/2");
    return frame(Type::data, 0, our_stream, bytes);
}

Unwrapped unwrap(std::span<char> bytes, std::size_t before) {
    std::size_t data = before;
    std::size_t place = before;
    while (bytes.size() - place >= frame_head_bytes) {
        const FrameHead head = head_of(bytes.subspan(place));
        const std::size_t payload = place + frame_head_bytes;
        if (bytes.size() - payload < head.length) break;
        if (head.type == Type::goaway || head.type == Type::reset || (head.type == Type::data && head.is_last))
            throw std::runtime_error("the server ended a stream");
        if (head.type == Type::data) {
            std::memmove(bytes.data() + data, bytes.data() + payload, head.length);
            data += head.length;
        }
        place = payload + head.length;
    }
    return {bytes.first(data), bytes.subspan(place)};
}

}  // namespace limp::bench::http2
