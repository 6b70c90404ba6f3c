// base/cron.hpp: schedules of five fields, as cron has them, in UTC.
//
//     minute  hour  day of month  month  day of week        "30 4 * * 1-5": at 4:30 on working days
//
// Fields   "*", numbers, ranges ("1-5"), steps of either ("*/15", "8-18/2"), and lists of these ("0,30"). Months and
//          weekdays have their English names too ("jan", "mon"); Sunday is 0 and 7.
// Days     When both day fields are restricted (neither begins with "*"), a day fits that fits one of them.
// Errors   std::invalid_argument with what is wrong; a schedule that no day fits ("0 0 30 2 *") is wrong too.
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace limp::base {

class Cron {
public:
    explicit Cron(std::string_view schedule);

    // The first minute of the schedule that begins later than that moment; both in milliseconds since 1970.
    std::int64_t next(std::int64_t after_ms) const;

private:
    bool fits(std::chrono::sys_days day) const;
    std::optional<int> next_minute(int from) const;

    std::bitset<60> minutes_;
    std::bitset<24> hours_;
    std::bitset<32> days_;
    std::bitset<13> months_;
    std::bitset<8> weekdays_;  // 7 is 0
    bool either_day_ = false;
};

}  // namespace limp::base
