#include <cmath>
#include <cstdint>
#include <string>

#include "base/id.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "types/converters.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

constexpr std::int64_t last_second = 253'402'300'799;  // of the year 9999

TypeError no_such_year(bool future) {
    if (!future) return TypeError("", "must be a moment of the years 0000 to 9999");
    return TypeError(
        "",
        "must be a moment of the years 0000 to 9999; a number is read as seconds since 1970, so divide Date.now() "
        "by 1000 or send new Date().toISOString()"
    );
}

Value time_of_ms(std::int64_t ms) {
    if (!base::is_writable_time(ms)) throw no_such_year(ms > 0);
    return base::time_text(ms);
}

}  // namespace

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

Value convert_time(const Value& value) {
    if (value.is_string()) {
        const auto ms = base::parse_time(value.string());
        if (ms) return base::time_text(*ms);
        throw TypeError(
            "", "must be a time with an offset, like \"2026-11-22T13:11:00Z\", or seconds since 1970; it is " +
                    base::in_quotes(value.string())
        );
    }
    if (!value.is_number())
        throw not_that("must be a time like \"2026-11-22T13:11:00Z\", or seconds since 1970", value);
    if (!(std::abs(value.number()) <= static_cast<double>(last_second) + 1)) throw no_such_year(value.number() > 0);
    if (value.is_int()) return time_of_ms(value.integer() * 1000);
    return time_of_ms(std::llround(value.real() * 1000));
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
