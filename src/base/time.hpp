// base/time.hpp: moments as milliseconds since 1970, UTC, and as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace limp::base {

// Milliseconds since 1970. The clock can be set for tests with set_clock.
std::int64_t now_ms();

// Tests: from here on now_ms() gives this moment (nullopt: the real clock again).
void set_clock(std::optional<std::int64_t> ms);

// "2026-11-22T13:11:00.123Z", always with milliseconds. Requires: years 0000 to 9999.
std::string time_text(std::int64_t ms);

// Any ISO 8601 date and time with an offset or Z ("2026-11-22T13:11:00Z", "…T13:11:00.5+04:00", "…T13:11+0400").
// Nothing when the text is anything else, names a day that does not exist, or falls out of the years 0000 to 9999.
// Digits past the milliseconds are cut off.
std::optional<std::int64_t> parse_time(std::string_view text);

// The same, but what says no offset is UTC: "2026-11-22T13:11".
std::optional<std::int64_t> parse_datetime(std::string_view text);

// Whether the text names a day that there is, of the years 0000 to 9999: "2026-11-22".
bool is_date(std::string_view text);

// "13:11", "13:11:05" or "13:11:05.123" as milliseconds since midnight. Digits past the milliseconds are cut off.
std::optional<std::int64_t> parse_time_of_day(std::string_view text);

// "13:11:05.123", always with milliseconds. Requires: less than a day, not negative.
std::string time_of_day_text(std::int64_t ms);

// Whether that moment can be written as text: its year is within 0000 to 9999.
bool is_writable_time(std::int64_t ms);

}  // namespace limp::base
