#include <cmath>
#include <string>

#include "base/id.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "types/converters.hpp"
#include "types/wording.hpp"

namespace limp::types {

Value convert_id(const Value& value) {
    constexpr std::string_view wanted = "must be an id of 24 hex digits, or an object with such an _id";
    const Value* id = value.is_object() ? value.find("_id") : &value;
    if (!id || !id->is_string()) throw not_that(wanted, value);
    if (!base::is_id(id->string()))
        throw TypeError("", std::string(wanted) + "; it is " + base::in_quotes(id->string()));
    return base::to_lower(id->string());
}

Value convert_str(const Value& value) {
    if (!value.is_string()) throw not_that("must be a text", value);
    return value;
}

Value convert_integer(const Value& value) {
    if (value.is_string()) throw not_that("must be a whole number, without quotes", value);
    if (!value.is_int()) throw not_that("must be a whole number like 42 (not 42.0 or 4.2e1)", value);
    return value;
}

Value convert_real(const Value& value) {
    if (value.is_string()) throw not_that("must be a number, without quotes", value);
    if (!value.is_number() || !std::isfinite(value.number())) throw not_that("must be a number", value);
    return value.number();
}

Value convert_boolean(const Value& value) {
    if (value.is_bool()) return value;
    if (value == Value("true")) return true;
    if (value == Value("false")) return false;
    throw not_that("must be true or false", value);
}

Value convert_choice(const Type& type, const Value& value) {
    std::string allowed;
    for (const Value& literal : type.literals) {
        if (literal == value) return value;
        if (!allowed.empty()) allowed += ", ";
        allowed += base::to_json(literal);
    }
    throw TypeError("", "must be one of " + allowed);
}

}  // namespace limp::types
