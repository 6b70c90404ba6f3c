#include "package/names.hpp"

namespace limp::package {

namespace {

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

bool is_lower_name(std::string_view name, std::string_view more) {
    return !name.empty() && is_lower(name.front()) && std::ranges::all_of(name, [&](char c) {
        return is_lower(c) || is_digit(c) || c == '_' || more.find(c) != std::string_view::npos;
    });
}

bool is_attr_name(std::string_view name) {
    return !name.empty() && (is_lower(name.front()) || is_upper(name.front())) &&
           std::ranges::all_of(name, [](char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '_'; });
}

std::string_view kind_name(Value::Kind kind) {
    switch (kind) {
        case Value::Kind::null:
            return "null";
        case Value::Kind::boolean:
            return "true or false";
        case Value::Kind::integer:
        case Value::Kind::real:
            return "a number";
        case Value::Kind::string:
            return "a text";
        case Value::Kind::list:
            return "a list";
        case Value::Kind::object:
            return "an object";
    }
    return "a value";
}

std::string in_quotes(std::string_view text) {
    return '"' + std::string(text) + '"';
}

}  // namespace limp::package
