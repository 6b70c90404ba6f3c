// $sort, $skip, $limit, $extn, $soft, $rev.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "query/place.hpp"
#include "query/reading.hpp"
#include "types/wording.hpp"

namespace limp::query {

namespace {

std::int64_t read_count(std::string_view name, const Value& value) {
    if (value.is_int() && value.integer() >= 0) return value.integer();
    refuse(std::string(name) + " must be a whole number from 0, without quotes.");
}

bool read_bool(std::string_view name, const Value& value) {
    if (value.is_bool()) return value.boolean();
    refuse(std::string(name) + " must be true or false; it is " + std::string(types::said(value)) + ".");
}

void check_sortable(std::string_view key, const Place& place, std::span<const std::string> locales) {
    using Kind = Type::Kind;
    if (place.through_list) refuse("$sort cannot go by " + base::in_quotes(key) + ": it is inside a list.");
    switch (place.type.kind) {
        case Kind::locale:
            refuse(
                "$sort by " + base::in_quotes(key) + " must say which locale, one of " + base::join(locales, ", ") +
                ": " + base::in_quotes(std::string(key) + "." + locales.front()) + "."
            );
        case Kind::file:
        case Kind::bin:
        case Kind::geo:
        case Kind::object:
        case Kind::list:
        case Kind::privileges:
        case Kind::attrs:
        case Kind::access:
        case Kind::diff:
            refuse("$sort cannot go by " + base::in_quotes(key) + ": it is no text, number, time or bool.");
        default:
            return;
    }
}

std::vector<SortKey> read_sort(const Value& value, Reading& reading) {
    if (!value.is_object()) refuse("$sort must be an object like {\"create_time\": -1}.");
    std::vector<SortKey> order;
    for (const Member& member : value.object()) {
        reading.count_node();
        Place place = find_place(member.name, reading.parsing);
        check_sortable(member.name, place, reading.parsing.types.locales);
        if (member.value != Value(1) && member.value != Value(-1))
            refuse("$sort by " + base::in_quotes(member.name) + " must be 1 (ascending) or -1 (descending).");
        order.push_back({std::move(place.path), member.value == Value(-1)});
    }
    return order;
}

bool is_repeated(std::string_view name, const Value& value, Reading& reading) {
    const Value* before = reading.specials.find(name);
    if (!before) {
        reading.specials.append(std::string(name), value);
        return false;
    }
    if (*before != value) refuse("The query says " + std::string(name) + " twice, with different values.");
    return true;
}

}  // namespace

void read_special(std::string_view name, const Value& value, Reading& reading) {
    static const std::vector<std::string> known = {"$sort", "$skip", "$limit", "$extn", "$soft", "$rev"};
    if (std::ranges::find(known, name) == known.end())
        refuse(
            base::in_quotes(name) + " is not supported by this version" + base::did_you_mean(name, known) +
            "; there are " + base::join(known, ", ") + "."
        );
    if (is_repeated(name, value, reading)) return;

    Query& query = reading.query;
    if (name == "$sort") query.sort = read_sort(value, reading);
    if (name == "$skip") query.skip = read_count(name, value);
    if (name == "$limit") query.limit = read_count(name, value);
    if (name == "$extn") query.extend = read_bool(name, value);
    if (name == "$soft") query.soft = read_bool(name, value);
    if (name == "$rev") query.rev = read_count(name, value);
}

}  // namespace limp::query
