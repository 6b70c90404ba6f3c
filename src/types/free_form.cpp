#include <cstddef>
#include <string>

#include "base/text.hpp"
#include "types/converters.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

constexpr std::size_t depth_max = 64;  // what limpd reads of JSON by default

void check_free_form(const Value& value, std::size_t depth) {
    if (depth > depth_max) throw TypeError("", "must not nest deeper than " + std::to_string(depth_max) + " levels");
    if (value.is_list())
        for (std::size_t at = 0; at < value.list().size(); ++at)
            inside("[" + std::to_string(at) + "]", [&] { check_free_form(value.list()[at], depth + 1); });
    if (value.is_object())
        for (const Member& member : value.object()) {
            check_free_key(member.name);
            inside("." + member.name, [&] { check_free_form(member.value, depth + 1); });
        }
}

}  // namespace

bool is_free_key(std::string_view key) {
    constexpr std::string_view path_marks(".\0", 2);
    return !key.empty() && key.front() != '$' && key != "__proto__" &&
           key.find_first_of(path_marks) == std::string_view::npos && base::is_utf8(key);
}

void check_free_key(std::string_view key) {
    if (!is_free_key(key))
        throw TypeError(
            "", "must not have the key " + base::in_quotes(key) +
                    ": keys are not empty, hold no \".\" and no NUL, do not begin "
                    "with \"$\", and are not \"__proto__\""
        );
}

Value convert_any(const Value& value) {
    check_free_form(value, 0);
    return value;
}

Value convert_attrs(const Value& value) {
    if (!value.is_object()) throw not_that("must be an object", value);
    return convert_any(value);
}

}  // namespace limp::types
