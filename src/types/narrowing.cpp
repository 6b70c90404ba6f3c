#include "types/narrowing.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "types/converters.hpp"
#include "types/patterns.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

using Kind = Type::Kind;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t first_ms = -62'167'219'200'000;  // of the year 0000
constexpr std::int64_t last_ms = 253'402'300'799'999;   // of the year 9999

std::int64_t unit_ms(char unit) {
    switch (unit) {
        case 'w':
            return 7 * day_ms;
        case 'd':
            return day_ms;
        case 'h':
            return 3'600'000;
        case 'm':
            return 60'000;
        case 's':
            return 1'000;
        default:
            return 0;
    }
}

// "+3d": from now, in milliseconds; nothing when it is no such text.
std::optional<std::int64_t> relative_ms(std::string_view bound) {
    constexpr std::size_t digits_max = 6;
    if (bound.size() < 3 || bound.size() > digits_max + 2) return std::nullopt;
    const bool is_past = bound.front() == '-';
    if (!is_past && bound.front() != '+') return std::nullopt;
    std::int64_t number = 0;
    for (const char c : bound.substr(1, bound.size() - 2)) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + (c - '0');
    }
    const std::int64_t unit = unit_ms(bound.back());
    if (unit == 0) return std::nullopt;
    return (is_past ? -number : number) * unit;
}

// The bound as values are stored. A time of day does not go round midnight.
std::string absolute(Kind kind, const std::string& bound, std::int64_t now_ms) {
    const auto distance = relative_ms(bound);
    if (!distance) return bound;
    if (kind == Kind::time_of_day) {
        const std::int64_t today = ((now_ms % day_ms) + day_ms) % day_ms;
        return base::time_of_day_text(std::clamp<std::int64_t>(today + *distance, 0, day_ms - 1));
    }
    const std::string moment = base::time_text(std::clamp(now_ms + *distance, first_ms, last_ms));
    return kind == Kind::date ? moment.substr(0, 10) : moment;
}

void check_moment(const Type& type, const std::string& moment, const Context& context) {
    const auto bound = [&](const Value& declared) -> std::optional<std::string> {
        if (!declared.is_string() || (context.is_stored && relative_ms(declared.string()))) return std::nullopt;
        return absolute(type.kind, declared.string(), context.now_ms ? *context.now_ms : base::now_ms());
    };
    const auto min = bound(type.min);
    const auto max = bound(type.max);
    if (min && moment < *min) throw TypeError("", "must be " + *min + " or later");
    if (max && moment > *max) throw TypeError("", "must be " + *max + " or earlier");
}

bool is_less(const Value& left, const Value& right) {
    if (left.is_int() && right.is_int()) return left.integer() < right.integer();
    return left.number() < right.number();
}

void check_number(const Type& type, const Value& number) {
    if (type.min.is_number() && is_less(number, type.min))
        throw TypeError("", "must be " + base::to_json(type.min) + " or more");
    if (type.max.is_number() && is_less(type.max, number))
        throw TypeError("", "must be " + base::to_json(type.max) + " or less");
}

void check_count(const Type& type, std::size_t count, std::string_view have, std::string_view what) {
    const Value size = count;
    const auto wanted = [&](const Value& bound, std::string_view side) {
        return TypeError(
            "", "must " + std::string(have) + " " + base::to_json(bound) + " " + std::string(what) + " or " +
                    std::string(side) + ", not " + std::to_string(count)
        );
    };
    if (type.min.is_int() && is_less(size, type.min)) throw wanted(type.min, "more");
    if (type.max.is_int() && is_less(type.max, size)) throw wanted(type.max, "fewer");
}

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

void check_text(const Type& type, const std::string& text) {
    if (!type.min.is_null() || !type.max.is_null()) check_count(type, characters(text), "have", "characters");
    if (!type.pattern.empty() && !matches(type.pattern, text))
        throw TypeError("", "must match the pattern " + type.pattern);
}

bool is_of_media_type(const std::string& media_type, const std::string& wanted) {
    const std::string essence = base::to_lower(std::string_view(media_type).substr(0, media_type.find(';')));
    const std::string lower = base::to_lower(wanted);
    if (lower.ends_with("/*")) return essence.starts_with(lower.substr(0, lower.size() - 1));
    return essence == lower;
}

void check_file(const Type& type, const Value& file) {
    const Value* size = file.find("size");
    if (type.size_max > 0 && size && size->is_int() && size->integer() > type.size_max)
        throw TypeError("", "must have " + std::to_string(type.size_max) + " bytes or fewer");
    if (type.media_types.empty()) return;
    const Value* media_type = file.find("type");
    const std::string said = media_type && media_type->is_string() ? media_type->string() : "";
    if (std::ranges::none_of(type.media_types, [&](const std::string& one) { return is_of_media_type(said, one); }))
        throw TypeError(
            "", "must be of media type " + base::join(type.media_types, ", ") + ", not " + base::in_quotes(said)
        );
}

}  // namespace

void check_narrowing(const Type& type, const Value& stored, const Context& context) {
    switch (type.kind) {
        case Kind::integer:
        case Kind::real:
            return check_number(type, stored);
        case Kind::str:
            return check_text(type, stored.string());
        case Kind::list:
            return check_count(type, stored.list().size(), "hold", "elements");
        case Kind::dict:
            return check_count(type, stored.object().size(), "hold", "entries");
        case Kind::date:
        case Kind::datetime:
        case Kind::time:
        case Kind::time_of_day:
            return check_moment(type, stored.string(), context);
        case Kind::file:
        case Kind::bin:
            return check_file(type, stored);
        default:
            return;
    }
}

Value read_moment_bound(Kind kind, const Value& bound) {
    if (!bound.is_string()) throw not_that("must be a text, a moment or a distance from now like \"+3d\"", bound);
    const std::string& text = bound.string();
    if (relative_ms(text)) {
        if (kind == Kind::time_of_day && (text.back() == 'd' || text.back() == 'w'))
            throw TypeError("", "must be within a day: a distance of hours, minutes or seconds, like \"+2h\"");
        return bound;
    }
    if (text.starts_with('+') || text.starts_with('-'))
        throw TypeError(
            "", "must be a distance from now like \"+3d\": a sign, up to 6 digits, and w, d, h, m or s; it is " +
                    base::in_quotes(text)
        );
    switch (kind) {
        case Kind::date:
            return convert_date(bound);
        case Kind::time_of_day:
            return convert_time_of_day(bound);
        case Kind::datetime:
            return convert_datetime(bound);
        default:
            return convert_time(bound);
    }
}

bool is_empty_range(const Type& type) {
    if (type.min.is_null() || type.max.is_null()) return false;
    if (type.min.is_number()) return is_less(type.max, type.min);
    const auto from = relative_ms(type.min.string());
    const auto to = relative_ms(type.max.string());
    if (from && to) return *to < *from;
    return !from && !to && type.max.string() < type.min.string();
}

}  // namespace limp::types
