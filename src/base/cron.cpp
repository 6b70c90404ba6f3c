#include "base/cron.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace limp::base {

namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::sys_time;

constexpr std::int64_t minute_ms = 60'000;
constexpr int minutes_of_day = 24 * 60;
constexpr days calendar{146'097};  // after 400 years every date has its weekday again

constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct Field {
    std::string name;
    int least;
    int most;
    std::span<const std::string_view> names = {};  // the first is `least`
};

[[noreturn]] void refuse(const Field& field, std::string_view text, const std::string& why) {
    throw std::invalid_argument(field.name + " " + in_quotes(text) + ": " + why);
}

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

int value_of(const Field& field, std::string_view text) {
    const auto named = std::ranges::find(field.names, to_lower(text));
    if (named != field.names.end()) return field.least + static_cast<int>(named - field.names.begin());
    const std::optional<int> value = number(text);
    if (!value || *value < field.least || *value > field.most) {
        refuse(
            field, text,
            "it takes " + std::to_string(field.least) + " to " + std::to_string(field.most) +
                (field.names.empty() ? "" : " or a name as " + in_quotes(field.names[0]))
        );
    }
    return *value;
}

int step_of(const Field& field, std::string_view text) {
    const std::optional<int> step = number(text);
    if (!step || *step == 0) refuse(field, text, "a step is a number from 1 on");
    return *step;
}

// One element of a field's list: "*", "5", "1-5", and the latter with a step behind "/".
template <std::size_t size>
void add(std::bitset<size>& set, const Field& field, std::string_view element) {
    const std::size_t slash = element.find('/');
    const std::string_view range = element.substr(0, slash);
    const std::size_t dash = range.find('-');
    const bool is_one = range != "*" && dash == range.npos;
    if (is_one && slash != element.npos) refuse(field, element, "a step follows \"*\" or a range, as in \"*/15\"");
    const int first = range == "*" ? field.least : value_of(field, range.substr(0, dash));
    const int last = range == "*" ? field.most : is_one ? first : value_of(field, range.substr(dash + 1));
    if (first > last) refuse(field, element, "a range goes from the lesser to the greater");
    const int step = slash == element.npos ? 1 : step_of(field, element.substr(slash + 1));
    for (int value = first; value <= last; value += step) set.set(static_cast<std::size_t>(value));
}

template <std::size_t size>
void read(std::bitset<size>& set, const Field& field, std::string_view text) {
    for (const std::string& element : split(text, ',')) add(set, field, element);
}

std::vector<std::string> fields_of(std::string_view schedule) {
    std::vector<std::string> fields;
    for (std::string& part : split(schedule, ' '))
        if (!part.empty()) fields.push_back(std::move(part));
    if (fields.size() == 5) return fields;
    throw std::invalid_argument(
        "a schedule has five fields, minute hour day month weekday, as in \"30 4 * * 1-5\"; this has " +
        std::to_string(fields.size())
    );
}

}  // namespace

Cron::Cron(std::string_view schedule) {
    const std::vector<std::string> fields = fields_of(schedule);
    read(minutes_, {"minute", 0, 59}, fields[0]);
    read(hours_, {"hour", 0, 23}, fields[1]);
    read(days_, {"day of month", 1, 31}, fields[2]);
    read(months_, {"month", 1, 12, months}, fields[3]);
    read(weekdays_, {"day of week", 0, 7, weekdays}, fields[4]);
    if (weekdays_[7]) weekdays_.set(0);
    either_day_ = fields[2][0] != '*' && fields[4][0] != '*';

    for (sys_days day{}; day < sys_days{} + calendar; day += days(1))
        if (fits(day)) return;
    throw std::invalid_argument("no day is ever day " + fields[2] + " of month " + fields[3]);
}

std::int64_t Cron::next(std::int64_t after_ms) const {
    const sys_time<milliseconds> after{milliseconds(after_ms)};
    sys_days day = std::chrono::floor<days>(after);
    auto from = static_cast<int>((after - day).count() / minute_ms) + 1;
    for (;; day += days(1), from = 0) {
        if (!fits(day)) continue;
        if (const std::optional<int> minute = next_minute(from))
            return milliseconds(day.time_since_epoch()).count() + *minute * minute_ms;
    }
}

bool Cron::fits(sys_days day) const {
    const std::chrono::year_month_day date{day};
    if (!months_[static_cast<unsigned>(date.month())]) return false;
    const bool of_month = days_[static_cast<unsigned>(date.day())];
    const bool of_week = weekdays_[std::chrono::weekday(day).c_encoding()];
    return either_day_ ? of_month || of_week : of_month && of_week;
}

// Of a day that fits; minutes since midnight.
std::optional<int> Cron::next_minute(int from) const {
    for (int minute = from; minute < minutes_of_day; ++minute)
        if (hours_[static_cast<std::size_t>(minute / 60)] && minutes_[static_cast<std::size_t>(minute % 60)])
            return minute;
    return std::nullopt;
}

}  // namespace limp::base
