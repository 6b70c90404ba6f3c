// Patterns of counters: "INV-$__counter:6" is INV-000001, INV-000002, …
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "types/types.hpp"

namespace limp::types {

namespace {

constexpr std::string_view variable = "$__counter";
constexpr int digits_max = 18;  // what every int64 has room for

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_word(char c) {
    return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

TypeError not_so(const std::string& why) {
    return TypeError("", "must be a text with one $__counter, like \"INV-$__counter:6\"; " + why);
}

bool has_variable(std::string_view text) {
    return text.find("$__") != std::string_view::npos;
}

// Takes ":6" from the front of what follows the variable.
int take_digits(std::string_view& after) {
    if (!after.starts_with(':')) return 1;
    const std::size_t end = std::min(after.find_first_not_of("0123456789", 1), after.size());
    const std::string number(after.substr(1, end - 1));
    after.remove_prefix(end);
    const int digits = number.empty() || number.size() > 2 ? 0 : std::stoi(number);
    if (digits < 1 || digits > digits_max) throw not_so("\":\" is followed by how many digits, 1 to 18");
    return digits;
}

}  // namespace

Numbering numbering_of(const Attr& attr) {
    const std::string_view pattern = attr.type.pattern;
    const std::size_t at = pattern.find(variable);
    if (at == std::string_view::npos) throw not_so("it has none");
    std::string_view after = pattern.substr(at + variable.size());
    if (!after.empty() && is_word(after.front())) throw not_so("no letter, digit or _ may follow the variable");

    Numbering numbering;
    numbering.attr = attr.name;
    numbering.before = pattern.substr(0, at);
    numbering.digits = take_digits(after);
    numbering.after = after;
    if (has_variable(numbering.before) || has_variable(after)) throw not_so("it has another variable beside it");
    return numbering;
}

}  // namespace limp::types
