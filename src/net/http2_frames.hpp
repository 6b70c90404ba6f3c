// net/http2_frames.hpp: for tests: frames of HTTP/2 by hand, right ones and wrong ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/server.hpp"

namespace limp::net::http2::test {

inline constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum class Type {
    data = 0,
    headers = 1,
    rst_stream = 3,
    settings = 4,
    ping = 6,
    goaway = 7,
    window_update = 8,
    continuation = 9,
};

inline constexpr int ack = 1;
inline constexpr int end_stream = 1;
inline constexpr int end_headers = 4;

inline std::string number(std::size_t value, int bytes = 4) {
    std::string out;
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xff);
    return out;
}

inline std::size_t number_in(std::string_view bytes) {
    std::size_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

inline std::string frame(Type type, int flags, std::int32_t stream, std::string_view payload) {
    return number(payload.size(), 3) + static_cast<char>(type) + static_cast<char>(flags) +
           number(static_cast<std::size_t>(stream)) + std::string(payload);
}

inline std::string setting(std::size_t id, std::size_t value) {
    return number(id, 2) + number(value);
}

// A header block of literals that nobody remembers (RFC 7541 §6.2.2); no text longer than 126 bytes.
inline std::string headers(const Headers& fields) {
    std::string block;
    for (const auto& [name, value] : fields) {
        block += '\0';
        block += static_cast<char>(name.size());
        block += name;
        block += static_cast<char>(value.size());
        block += value;
    }
    return block;
}

struct FrameSeen {
    Type type{};
    int flags = 0;
    std::int32_t stream = 0;
    std::string payload;
};

inline constexpr std::size_t frame_head_bytes = 9;

// The whole frames that the bytes begin with.
inline std::vector<FrameSeen> frames_in(std::string_view bytes) {
    std::vector<FrameSeen> frames;
    while (bytes.size() >= frame_head_bytes) {
        const std::size_t length = number_in(bytes.substr(0, 3));
        if (bytes.size() < frame_head_bytes + length) break;
        frames.push_back(
            {static_cast<Type>(bytes[3]), bytes[4], static_cast<std::int32_t>(number_in(bytes.substr(5, 4))),
             std::string(bytes.substr(frame_head_bytes, length))}
        );
        bytes.remove_prefix(frame_head_bytes + length);
    }
    return frames;
}

inline std::size_t goaway_code(const FrameSeen& goaway) {
    return number_in(std::string_view(goaway.payload).substr(4, 4));
}

}  // namespace limp::net::http2::test
