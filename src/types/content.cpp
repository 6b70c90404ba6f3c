#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/base64.hpp"
#include "types/converters.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

// A number in its one decimal form: digits alone, no leading zero.
std::optional<std::size_t> plain_number(std::string_view text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    if (text.size() > 1 && text.front() == '0') return std::nullopt;
    return number;
}

char byte_of(const Value& value) {
    if (!value.is_int() || value.integer() < 0 || value.integer() > 255)
        throw TypeError("", "must hold byte values, whole numbers from 0 to 255");
    return static_cast<char>(static_cast<unsigned char>(value.integer()));
}

std::string from_list(const List& list) {
    std::string bytes;
    bytes.reserve(list.size());
    for (const Value& value : list) bytes += byte_of(value);
    return bytes;
}

// What JSON.stringify makes of a Uint8Array. As many members as bytes, each key once: then none is missing.
std::string from_object(const Object& object) {
    std::string bytes(object.size(), '\0');
    std::vector<bool> seen(object.size(), false);
    for (const Member& member : object) {
        const auto index = plain_number(member.name);
        if (!index || *index >= object.size() || seen[*index])
            throw TypeError("", "must have the keys \"0\", \"1\", \"2\" and so on, each once and none left out");
        seen[*index] = true;
        bytes[*index] = byte_of(member.value);
    }
    return bytes;
}

std::optional<std::string> from_numbers(std::string_view text) {
    std::string bytes;
    while (true) {
        const std::size_t comma = text.find(',');
        const auto number = plain_number(text.substr(0, comma));
        if (!number || *number > 255) return std::nullopt;
        bytes += static_cast<char>(static_cast<unsigned char>(*number));
        if (comma == std::string_view::npos) return bytes;
        text.remove_prefix(comma + 1);
    }
}

// Base64 in canonical form has a multiple of four characters and no comma, so "1,2" and "65" can only be numbers;
// "1234" is base64, as a single byte has three digits at most.
std::string from_text(std::string_view text) {
    if (auto bytes = base::from_base64(text)) return *std::move(bytes);
    if (auto bytes = from_numbers(text)) return *std::move(bytes);
    throw TypeError("", "must be base64 with padding, or byte values between commas, like \"137,80,78\"");
}

}  // namespace

std::string read_content(const Value& value) {
    if (value.is_string()) return from_text(value.string());
    if (value.is_list()) return from_list(value.list());
    if (value.is_object()) return from_object(value.object());
    throw not_that("must be bytes: base64, a list of byte values, or a Uint8Array", value);
}

}  // namespace limp::types
