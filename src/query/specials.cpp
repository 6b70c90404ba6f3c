// The keys of a query that begin with $.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "query/cursor.hpp"
#include "query/matcher.hpp"
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
    if (place.through_list) refuse("$sort cannot go by " + base::in_quotes(key) + ": a list is on the way.");
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
        case Kind::dict:
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
        order.push_back({std::move(place.path), member.value == Value(-1), std::move(place.hops)});
    }
    return order;
}

// The names of attrs that the caller may know of.
std::vector<std::string> read_names(std::string_view special, const Value& value, const Reading& reading) {
    if (!value.is_list()) refuse(std::string(special) + " must be a list of attrs like [\"title\"].");
    std::vector<std::string> names;
    for (const Value& name : value.list()) {
        if (!name.is_string()) refuse(std::string(special) + " must be a list of attrs like [\"title\"].");
        attr_type(name.string(), reading.parsing.module, reading.parsing.hidden);
        names.push_back(name.string());
    }
    return names;
}

void read_attrs(const Value& value, Reading& reading) {
    reading.query.attrs = read_names("$attrs", value, reading);
    if (reading.query.attrs.empty()) refuse("$attrs must name at least one attr; leave it out to get all.");
}

// {attr: true, …} as a list of attrs.
Value names_in(const Object& chosen) {
    List names;
    for (const Member& member : chosen) {
        if (member.value != Value(true)) refuse("$extn as an object must hold attrs with true.");
        names.emplace_back(member.name);
    }
    return names;
}

void read_extn(const Value& value, Reading& reading) {
    Query& query = reading.query;
    if (value.is_bool()) {
        query.extend = value.boolean();
        return;
    }
    if (!value.is_list() && !value.is_object()) refuse("$extn must be true, false, or a list of the attrs to extend.");
    query.extend_only = read_names("$extn", value.is_object() ? names_in(value.object()) : value, reading);
    query.extend = !query.extend_only.empty();
    for (const std::string& attr : query.extend_only)
        if (!reading.parsing.module.extn(attr)) refuse("$extn: " + base::in_quotes(attr) + " refers to no document.");
}

bool ends_within_word(std::string_view text) {
    return text.size() > 1 && text.ends_with('*') && !words_of(text).empty() &&
           words_of(std::string(text.substr(0, text.size() - 1)) + "a").size() == words_of(text).size();
}

void read_search(const Value& value, Reading& reading) {
    const Module& module = reading.parsing.module;
    if (!value.is_string()) refuse("$search must be a text: the words that a document must have.");
    Search search;
    search.words = words_of(value.string());
    search.last_begins = ends_within_word(value.string());
    if (search.words.empty()) refuse("$search has no word in it.");
    if (search.words.size() > reading.parsing.limits.words)
        refuse("$search may have " + std::to_string(reading.parsing.limits.words) + " words at most.");
    for (const std::string& attr : module.searched)
        if (std::ranges::find(reading.parsing.hidden, attr) == reading.parsing.hidden.end())
            search.attrs.push_back(attr);
    if (!module.searched.empty() && search.attrs.empty())
        refuse("The module " + module.name + " has nothing to search in that this session may read.");
    if (search.attrs.empty())
        refuse("The module " + module.name + " has nothing to search in: its manifest declares no \"searched\" attrs.");
    reading.query.search = std::move(search);
}

// A finite number from `least` to `most`.
double read_degrees(const Value& value, double most) {
    if (value.is_number() && value.number() >= -most && value.number() <= most) return value.number();
    refuse("$geo_near must hold val, a point as [longitude, latitude]: -180 to 180 and -90 to 90.");
}

const Value& member_of(std::string_view special, const Value& value, const char* name) {
    if (const Value* found = value.find(name)) return *found;
    refuse(std::string(special) + " must hold " + name + ".");
}

void check_members(std::string_view special, const Value& value, const std::vector<std::string>& known) {
    if (!value.is_object()) refuse(std::string(special) + " must be an object with " + base::join(known, ", ") + ".");
    for (const Member& member : value.object())
        if (std::ranges::find(known, member.name) == known.end())
            refuse(
                std::string(special) + " holds " + base::in_quotes(member.name) +
                base::did_you_mean(member.name, known) + "; it may hold " + base::join(known, ", ") + "."
            );
}

void read_near(const Value& value, Reading& reading) {
    check_members("$geo_near", value, {"val", "attr", "dist"});
    const Value& point = member_of("$geo_near", value, "val");
    const Value& attr = member_of("$geo_near", value, "attr");
    if (!point.is_list() || point.list().size() != 2) read_degrees({}, 0);
    if (!attr.is_string()) refuse("attr of $geo_near must be the name of an attr.");
    const Type type = attr_type(attr.string(), reading.parsing.module, reading.parsing.hidden);
    if (type.kind != Type::Kind::geo)
        refuse("$geo_near needs an attr of type geo, which " + base::in_quotes(attr.string()) + " is not.");
    Near near{attr.string(), read_degrees(point.list()[0], 180), read_degrees(point.list()[1], 90), {}};
    if (const Value* dist = value.find("dist")) {
        if (!dist->is_number() || !(dist->number() >= 0)) refuse("dist of $geo_near must be metres, from 0.");
        near.within = dist->number();
    }
    reading.query.near = std::move(near);
}

void check_counted(std::string_view key, const Place& place) {
    using Kind = Type::Kind;
    if (!place.hops.empty()) refuse("$group cannot go by " + base::in_quotes(key) + ": it is in another module.");
    if (place.through_list) refuse("$group cannot go by " + base::in_quotes(key) + ": a list is on the way.");
    const Type& type = place.type.kind == Kind::list ? place.type.element.front() : place.type;
    switch (type.kind) {
        case Kind::locale:
        case Kind::file:
        case Kind::bin:
        case Kind::geo:
        case Kind::object:
        case Kind::list:
        case Kind::dict:
        case Kind::privileges:
        case Kind::attrs:
        case Kind::access:
        case Kind::diff:
            refuse("$group cannot go by " + base::in_quotes(key) + ": it is no text, number, time or bool.");
        default:
            return;
    }
}

// What it counts is known when the whole query is read: finish().
Facet read_facet(const Value& value, Reading& reading) {
    reading.count_node();
    check_members("$group", value, {"by", "count"});
    const Value& by = member_of("$group", value, "by");
    if (!by.is_string()) refuse("by of $group must be the name of an attr.");
    Place place = find_place(by.string(), reading.parsing);
    check_counted(by.string(), place);
    const std::int64_t most = reading.parsing.limits.buckets;
    const Value& count = member_of("$group", value, "count");
    if (!count.is_int() || count.integer() < 1 || count.integer() > most)
        refuse("count of $group must be a whole number from 1 to " + std::to_string(most) + ".");
    return {std::move(place.path), count.integer(), {}};
}

void read_group(const Value& value, Reading& reading) {
    if (!value.is_list()) refuse("$group must be a list like [{\"by\": \"cat\", \"count\": 10}].");
    if (value.list().size() > reading.parsing.limits.facets)
        refuse("$group may have " + std::to_string(reading.parsing.limits.facets) + " members at most.");
    for (const Value& one : value.list()) {
        Facet facet = read_facet(one, reading);
        if (std::ranges::find(reading.query.facets, facet.path, &Facet::path) != reading.query.facets.end())
            refuse("$group goes by " + base::in_quotes(base::join(facet.path, ".")) + " twice.");
        reading.query.facets.push_back(std::move(facet));
    }
}

void read_count_special(const Value& value, Reading& reading) {
    if (value == Value("exact"))
        reading.query.count_to = Query::to_the_last;
    else if (value == Value("capped"))
        reading.query.count_to = reading.parsing.limits.count_to;
    else if (value == Value("none"))
        reading.query.count_to = 0;
    else
        refuse("$count must be \"exact\", \"capped\" or \"none\".");
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

// Whether the filter speaks of nothing but that path.
bool is_only_about(const Filter& filter, const AttrPath& path) {
    if (filter.kind == Filter::Kind::condition) return filter.condition.path == path;
    return filter.kind != Filter::Kind::related && !filter.children.empty() &&
           std::ranges::all_of(filter.children, [&](const Filter& child) { return is_only_about(child, path); });
}

// Without what it asks of that path on its AND part.
Filter without(const Filter& filter, const AttrPath& path) {
    if (is_only_about(filter, path)) return Filter::everything();
    if (filter.kind != Filter::Kind::all) return filter;
    std::vector<Filter> rest;
    for (const Filter& child : filter.children)
        if (Filter one = without(child, path); !one.is_everything()) rest.push_back(std::move(one));
    return all_of(std::move(rest));
}

const std::vector<std::pair<std::string, void (*)(const Value&, Reading&)>> readers = {
    {"$sort", [](const Value& value, Reading& reading) { reading.query.sort = read_sort(value, reading); }},
    {"$skip", [](const Value& value, Reading& reading) { reading.query.skip = read_count("$skip", value); }},
    {"$limit", [](const Value& value, Reading& reading) { reading.query.limit = read_count("$limit", value); }},
    {"$after",
     [](const Value& value, Reading&) {
         if (!value.is_string()) refuse("$after must be a text.");
     }},
    {"$count", read_count_special},
    {"$search", read_search},
    {"$geo_near", read_near},
    {"$group", read_group},
    {"$attrs", read_attrs},
    {"$extn", read_extn},
    {"$diff", [](const Value& value, Reading& reading) { reading.query.history = read_bool("$diff", value); }},
    {"$deleted", [](const Value& value, Reading& reading) { reading.query.deleted = read_bool("$deleted", value); }},
    {"$soft", [](const Value& value, Reading& reading) { reading.query.soft = read_bool("$soft", value); }},
    {"$rev", [](const Value& value, Reading& reading) { reading.query.rev = read_count("$rev", value); }},
};

}  // namespace

void read_special(std::string_view name, const Value& value, Reading& reading) {
    for (const auto& [known, read] : readers) {
        if (known != name) continue;
        if (!is_repeated(name, value, reading)) read(value, reading);
        return;
    }
    std::vector<std::string> known;
    for (const auto& reader : readers) known.push_back(reader.first);
    refuse(
        "There is no " + base::in_quotes(name) + base::did_you_mean(name, known) + "; there are " +
        base::join(known, ", ") + "."
    );
}

void finish(Reading& reading) {
    Query& query = reading.query;
    for (Facet& facet : query.facets) facet.filter = without(query.filter, facet.path);
    if (query.search && query.near) refuse("$search and $geo_near cannot be asked for together.");
    const Value* after = reading.specials.find("$after");
    if (!after) return;
    if (query.skip > 0) refuse("$skip means nothing with $after, which says where to go on.");
    if ((query.search || query.near) && query.sort.empty())
        refuse("$after needs a $sort beside $search and $geo_near, whose own order has no places to go on from.");
    query.after = read_cursor(after->string(), query.sort);
}

}  // namespace limp::query
