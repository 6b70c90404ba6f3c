// The types that are objects of a shape of their own.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "types/converters.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

bool is_within(const Value& value, double most) {
    return value.is_number() && std::abs(value.number()) <= most;
}

List read_strings(const Value& value) {
    if (value == Value("*")) return {"*"};
    if (!value.is_list()) throw not_that("must be a list of privileges, or \"*\"", value);
    List list;
    for (std::size_t at = 0; at < value.list().size(); ++at)
        list.push_back(inside("[" + std::to_string(at) + "]", [&] { return convert_str(value.list()[at]); }));
    return list;
}

List read_ids(const Value* value) {
    if (!value) return {};
    if (!value->is_list()) throw not_that("must be a list of ids", *value);
    List list;
    for (std::size_t at = 0; at < value->list().size(); ++at)
        list.push_back(inside("[" + std::to_string(at) + "]", [&] { return convert_id(value->list()[at]); }));
    return list;
}

}  // namespace

Value convert_geo(const Value& value) {
    constexpr std::string_view wanted =
        "must be {\"type\": \"Point\", \"coordinates\": [longitude, latitude]}, longitude from -180 to 180, latitude "
        "from -90 to 90";
    const Value* type = value.find("type");
    const Value* coordinates = value.find("coordinates");
    if (!type || !coordinates || value.object().size() != 2) throw not_that(wanted, value);
    if (*type != Value("Point") || !coordinates->is_list() || coordinates->list().size() != 2)
        throw TypeError("", std::string(wanted));
    const List& pair = coordinates->list();
    if (!is_within(pair[0], 180) || !is_within(pair[1], 90)) throw TypeError(".coordinates", std::string(wanted));
    return Object{{"type", "Point"}, {"coordinates", List{pair[0].number(), pair[1].number()}}};
}

Value convert_privileges(const Value& value) {
    if (!value.is_object()) throw not_that("must be an object like {\"blog\": [\"read\"], \"*\": \"*\"}", value);
    Object stored;
    for (const Member& member : value.object()) {
        check_free_key(member.name);
        stored.append(member.name, inside("." + member.name, [&] { return read_strings(member.value); }));
    }
    return stored;
}

Value convert_access(const Value& value) {
    if (!value.is_object())
        throw not_that("must be an object like {\"anon\": true, \"users\": [], \"groups\": []}", value);
    for (const Member& member : value.object())
        if (member.name != "anon" && member.name != "users" && member.name != "groups")
            throw TypeError("", "must hold anon, users and groups, and not " + base::in_quotes(member.name));
    const Value* anon = value.find("anon");
    if (!anon) throw TypeError("", "must hold anon: true or false");

    Object stored;
    stored.append("anon", inside(".anon", [&] { return convert_boolean(*anon); }));
    stored.append("users", inside(".users", [&] { return read_ids(value.find("users")); }));
    stored.append("groups", inside(".groups", [&] { return read_ids(value.find("groups")); }));
    return stored;
}

}  // namespace limp::types
