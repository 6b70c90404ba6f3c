#include "base/time.hpp"

#include <atomic>
#include <cassert>
#include <chrono>
#include <cstddef>
#include <limits>

namespace limp::base {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::sys_time;

constexpr sys_time<milliseconds> first_writable = sys_days{std::chrono::year{0} / 1 / 1};
constexpr sys_time<milliseconds> after_writable = sys_days{std::chrono::year{10000} / 1 / 1};

constexpr std::int64_t real_clock = std::numeric_limits<std::int64_t>::min();
std::atomic<std::int64_t> set_moment = real_clock;

void put(std::string& text, std::int64_t number, int digits) {
    std::int64_t unit = 1;
    for (int i = 1; i < digits; ++i) unit *= 10;
    for (; unit > 0; unit /= 10) text += static_cast<char>('0' + number / unit % 10);
}

// Takes what a time is made of from the front of a text, one part after the other.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool done() const { return rest_.empty(); }

    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    // A number of exactly that many digits and at most `max`.
    std::optional<int> number(std::size_t digits, int max) {
        if (rest_.size() < digits) return std::nullopt;
        int result = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
            result = result * 10 + (rest_[i] - '0');
        }
        if (result > max) return std::nullopt;
        rest_.remove_prefix(digits);
        return result;
    }

private:
    std::string_view rest_;
};

std::optional<sys_days> read_date(Reader& text) {
    const auto year = text.number(4, 9999);
    if (!year || !text.take('-')) return std::nullopt;
    const auto month = text.number(2, 12);
    if (!month || !text.take('-')) return std::nullopt;
    const auto day = text.number(2, 31);
    if (!day) return std::nullopt;
    const auto date = std::chrono::year{*year} / *month / *day;
    if (!date.ok()) return std::nullopt;
    return sys_days{date};
}

// The milliseconds that the digits behind "." make; nothing when there is no digit.
std::optional<int> read_fraction(Reader& text) {
    std::optional<int> result;
    int unit = 100;
    while (const auto digit = text.number(1, 9)) {
        result = result.value_or(0) + *digit * unit;
        unit /= 10;
    }
    return result;
}

std::optional<milliseconds> read_time_of_day(Reader& text) {
    const auto hours = text.number(2, 23);
    if (!hours || !text.take(':')) return std::nullopt;
    const auto minutes = text.number(2, 59);
    if (!minutes) return std::nullopt;
    milliseconds result = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
    if (!text.take(':')) return result;
    const auto seconds = text.number(2, 59);
    if (!seconds) return std::nullopt;
    result += std::chrono::seconds(*seconds);
    if (!text.take('.')) return result;
    const auto fraction = read_fraction(text);
    if (!fraction) return std::nullopt;
    return result + milliseconds(*fraction);
}

// "Z", "+04:00", "+0400" or "+04".
std::optional<std::chrono::minutes> read_offset(Reader& text) {
    if (text.take('Z')) return std::chrono::minutes(0);
    const bool west = text.take('-');
    if (!west && !text.take('+')) return std::nullopt;
    const auto hours = text.number(2, 23);
    if (!hours) return std::nullopt;
    int minutes = *hours * 60;
    if (!text.done()) {
        text.take(':');
        const auto past_hour = text.number(2, 59);
        if (!past_hour) return std::nullopt;
        minutes += *past_hour;
    }
    return std::chrono::minutes(west ? -minutes : minutes);
}

std::optional<std::int64_t> read_moment(std::string_view text, bool without_offset) {
    Reader reader(text);
    const auto day = read_date(reader);
    if (!day || !reader.take('T')) return std::nullopt;
    const auto time_of_day = read_time_of_day(reader);
    if (!time_of_day) return std::nullopt;
    const auto offset = without_offset && reader.done() ? std::chrono::minutes(0) : read_offset(reader);
    if (!offset || !reader.done()) return std::nullopt;
    const sys_time<milliseconds> moment = *day + *time_of_day - *offset;
    const std::int64_t ms = moment.time_since_epoch().count();
    if (!is_writable_time(ms)) return std::nullopt;
    return ms;
}

}  // namespace

std::int64_t now_ms() {
    const std::int64_t set = set_moment.load(std::memory_order_relaxed);
    if (set != real_clock) return set;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<milliseconds>(now).count();
}

void set_clock(std::optional<std::int64_t> ms) {
    set_moment = ms.value_or(real_clock);
}

std::string time_text(std::int64_t ms) {
    assert(is_writable_time(ms));
    const sys_time<milliseconds> moment{milliseconds(ms)};
    const sys_days day = std::chrono::floor<days>(moment);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(moment - day);
    std::string text;
    text.reserve(24);
    put(text, static_cast<int>(date.year()), 4);
    text += '-';
    put(text, static_cast<unsigned>(date.month()), 2);
    text += '-';
    put(text, static_cast<unsigned>(date.day()), 2);
    text += 'T';
    put(text, time.hours().count(), 2);
    text += ':';
    put(text, time.minutes().count(), 2);
    text += ':';
    put(text, time.seconds().count(), 2);
    text += '.';
    put(text, time.subseconds().count(), 3);
    text += 'Z';
    return text;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
    return read_moment(text, false);
}

std::optional<std::int64_t> parse_datetime(std::string_view text) {
    return read_moment(text, true);
}

bool is_date(std::string_view text) {
    Reader reader(text);
    return read_date(reader) && reader.done();
}

std::optional<std::int64_t> parse_time_of_day(std::string_view text) {
    Reader reader(text);
    const auto time = read_time_of_day(reader);
    if (!time || !reader.done()) return std::nullopt;
    return time->count();
}

std::string time_of_day_text(std::int64_t ms) {
    return time_text(ms).substr(11, 12);
}

bool is_writable_time(std::int64_t ms) {
    return ms >= first_writable.time_since_epoch().count() && ms < after_writable.time_since_epoch().count();
}

}  // namespace limp::base
