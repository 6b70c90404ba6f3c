#include "query/cursor.hpp"

#include <algorithm>
#include <optional>

#include "base/base64.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "query/reading.hpp"

namespace limp::query {

namespace {

std::optional<List> list_in(std::string_view text) {
    const auto json = base::from_base64url(text);
    if (!json) return std::nullopt;
    try {
        Value value = base::parse_json(*json, {.depth = 3, .values = 1'000});
        return value.is_list() ? std::optional(std::move(value.list())) : std::nullopt;
    } catch (const base::JsonError&) {
        return std::nullopt;
    }
}

bool is_plain(const Value& value) {
    if (value.is_object()) return value.object().empty();
    return !value.is_list() || value.list().empty();
}

}  // namespace

std::string write_cursor(std::span<const Value> place) {
    List list;
    for (const Value& value : place) {
        if (value.is_object())
            list.push_back(Object{});
        else if (value.is_list())
            list.push_back(List{});
        else
            list.push_back(value);
    }
    return base::to_base64url(base::to_json(list));
}

std::vector<Value> read_cursor(std::string_view text, std::span<const SortKey> sort) {
    std::optional<List> place = list_in(text);
    const bool fits = place && place->size() == sort.size() + 1 && std::ranges::all_of(*place, is_plain) &&
                      place->back().is_string() && base::is_id(place->back().string());
    if (!fits) refuse("$after must be the \"next\" of an answer to the same query, with the same $sort.");
    return std::move(*place);
}

}  // namespace limp::query
