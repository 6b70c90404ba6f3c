// bench/http2.hpp: the least of RFC 9113 and RFC 8441 that a client needs for one WebSocket on a connection of its own:
// its first stream, and nothing else.
//
// The server may send as much as it likes: the windows are opened as wide as they go. What we send is held against no
// window: the server must give back what it takes before 64 KiB are in flight on a connection, and no load is as deep.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace limp::bench::http2 {

inline constexpr std::size_t frame_head_bytes = 9;

enum class Type : std::uint8_t { data = 0, headers = 1, reset = 3, settings = 4, goaway = 7, window_update = 8 };

struct FrameHead {
    std::size_t length;
    Type type;
    bool is_last;  // of data; of settings: they are but taken note of
};

// Of the nine bytes that a frame begins with.
FrameHead head_of(std::span<const char> bytes);

// What a client says first: that it speaks HTTP/2, and that it asks for a WebSocket at that path.
std::string opening(const std::string& authority, const std::string& path);

std::string settings_ack();

// Whether these headers, the first that the server sends, say 200.
bool is_200(std::string_view payload);

// A frame with that data. No more than 16 KiB.
std::string in_data_frame(std::string_view bytes);

struct Unwrapped {
    std::span<char> data;
    std::span<char> rest;  // the beginning of a frame
};

// The data in the whole frames that `bytes` begins with, moved together in place behind the `before` bytes at the
// front, which are data already. Throws when the server has ended the stream.
Unwrapped unwrap(std::span<char> bytes, std::size_t before);

}  // namespace limp::bench::http2
