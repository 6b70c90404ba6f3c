#include "types/wording.hpp"

#include <cstddef>

#include "base/json.hpp"
#include "base/text.hpp"

namespace limp::types {

namespace {

constexpr std::size_t quoted_bytes_max = 64;

std::size_t whole_characters(std::string_view text, std::size_t bytes) {
    auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; };
    while (bytes > 0 && continues(bytes)) --bytes;
    return bytes;
}

}  // namespace

std::string quoted(std::string_view text) {
    std::string shown(text);
    if (text.size() > quoted_bytes_max) {
        shown.resize(whole_characters(text, quoted_bytes_max));
        shown += "…";
    }
    std::string out;
    base::append_json_string(out, shown);
    return out;
}

std::string_view said(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::null:
            return "null";
        case Value::Kind::boolean:
            return value.boolean() ? "true" : "false";
        case Value::Kind::integer:
            return "a whole number";
        case Value::Kind::real:
            return "a number with a fraction or an exponent";
        case Value::Kind::string:
            return "a text";
        case Value::Kind::list:
            return "a list";
        case Value::Kind::object:
            return "an object";
    }
    return "nothing known";
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
    // A word this long is no typing mistake, and comparing it with each candidate would cost an attacker nothing.
    if (word.size() > quoted_bytes_max) return {};
    const std::string near = base::nearest(word, candidates);
    return near.empty() ? std::string() : " (did you mean " + quoted(near) + "?)";
}

TypeError not_that(std::string_view wanted, const Value& value) {
    return TypeError("", std::string(wanted) + "; it is " + std::string(said(value)));
}

}  // namespace limp::types
