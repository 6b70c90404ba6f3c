#include "base/id.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include "base/time.hpp"

namespace limp::base {
namespace {

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

// The seconds and the counter of this thread's last id, as one number: it only ever grows, so that ids ascend even
// when the clock is set back, and a counter that runs over goes on in the next second.
std::uint64_t next_moment() {
    thread_local std::uint64_t last = 0;
    const auto seconds = static_cast<std::uint32_t>(now_ms() / 1000);
    last = std::max(last + 1, std::uint64_t{seconds} << 24);
    return last;
}

void append_bytes(std::string& out, std::uint64_t number, int count) {
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) out += static_cast<char>((number >> shift) & 255);
}

}  // namespace

std::string new_id() {
    thread_local const std::string thread_part = random_bytes(5);
    const std::uint64_t moment = next_moment();
    std::string bytes;
    append_bytes(bytes, moment >> 24, 4);
    bytes += thread_part;
    append_bytes(bytes, moment, 3);
    return hex(bytes);
}

std::string new_random_id() {
    return hex(random_bytes(12));
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    std::size_t filled = 0;
    while (filled < count) {
        const auto got = getrandom(bytes.data() + filled, count - filled, 0);
        if (got >= 0)
            filled += static_cast<std::size_t>(got);
        else if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    return bytes;
}

bool is_id(std::string_view text) {
    return text.size() == 24 && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
           });
}

}  // namespace limp::base
