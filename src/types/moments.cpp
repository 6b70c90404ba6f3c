#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

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

Value time_of_seconds(const Value& seconds) {
    if (!(std::abs(seconds.number()) <= static_cast<double>(last_second) + 1)) throw no_such_year(seconds.number() > 0);
    if (seconds.is_int()) return time_of_ms(seconds.integer() * 1000);
    return time_of_ms(std::llround(seconds.real() * 1000));
}

TypeError not_that_text(std::string_view wanted, const Value& text) {
    return TypeError("", std::string(wanted) + "; it is " + base::in_quotes(text.string()));
}

}  // namespace

Value convert_time(const Value& value) {
    if (value.is_number()) return time_of_seconds(value);
    if (!value.is_string())
        throw not_that("must be a time like \"2026-11-22T13:11:00Z\", or seconds since 1970", value);
    if (const auto ms = base::parse_time(value.string())) return base::time_text(*ms);
    throw not_that_text("must be a time with an offset, like \"2026-11-22T13:11:00Z\", or seconds since 1970", value);
}

Value convert_datetime(const Value& value) {
    constexpr std::string_view wanted =
        "must be a date and a time, like \"2026-11-22T13:11:00\" (UTC when it says no offset), or seconds since 1970";
    if (value.is_number()) return time_of_seconds(value);
    if (!value.is_string()) throw not_that(wanted, value);
    if (const auto ms = base::parse_datetime(value.string())) return base::time_text(*ms);
    throw not_that_text(wanted, value);
}

Value convert_date(const Value& value) {
    constexpr std::string_view wanted = "must be a day that there is, like \"2026-11-22\"";
    if (!value.is_string()) throw not_that(wanted, value);
    if (base::is_date(value.string())) return value;
    throw not_that_text(wanted, value);
}

Value convert_time_of_day(const Value& value) {
    constexpr std::string_view wanted = "must be a time of day, like \"13:11\" or \"13:11:05.123\"";
    if (!value.is_string()) throw not_that(wanted, value);
    if (const auto ms = base::parse_time_of_day(value.string())) return base::time_of_day_text(*ms);
    throw not_that_text(wanted, value);
}

}  // namespace limp::types
