#include "query/place.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "query/reading.hpp"
#include "types/wording.hpp"

namespace limp::query {

namespace {

bool is_hidden(std::string_view attr, const Parsing& parsing) {
    return std::ranges::find(parsing.hidden, attr) != parsing.hidden.end();
}

std::vector<std::string> visible_attrs(const Parsing& parsing) {
    std::vector<std::string> names = {"_id", "_rev"};
    for (const Attr& attr : parsing.module.attrs)
        if (!is_hidden(attr.name, parsing)) names.push_back(attr.name);
    return names;
}

Type attr_type(std::string_view name, const Parsing& parsing) {
    if (name == "_id") return Type::of(Type::Kind::id);
    if (name == "_rev") return Type::of(Type::Kind::integer);
    const Attr* attr = is_hidden(name, parsing) ? nullptr : parsing.module.attr(name);
    if (attr) return attr->type;
    refuse(
        "The module " + parsing.module.name + " has no attr " + base::in_quotes(name) +
        base::did_you_mean(name, visible_attrs(parsing)) + "."
    );
}

const Type& element_of(const Type& type) {
    return type.kind == Type::Kind::list ? element_of(type.element.front()) : type;
}

std::vector<std::string> child_names(const Type& type, const types::Context& context) {
    if (type.kind == Type::Kind::locale) return {context.locales.begin(), context.locales.end()};
    std::vector<std::string> names;
    for (const Attr& child : type.children) names.push_back(child.name);
    return names;
}

Type enter(const Type& type, const std::string& name, std::string_view key, const Parsing& parsing) {
    std::optional<Type> found = types::child(type, name, parsing.types);
    if (found) return *std::move(found);
    refuse(
        "The path " + base::in_quotes(key) + " leads nowhere: there is no " + base::in_quotes(name) + " to go into" +
        base::did_you_mean(name, child_names(element_of(type), parsing.types)) + "."
    );
}

}  // namespace

Place find_place(std::string_view key, const Parsing& parsing) {
    const auto segments = static_cast<std::size_t>(std::ranges::count(key, '.')) + 1;
    if (segments > parsing.limits.path)
        refuse(
            "The path " + base::in_quotes(key) + " has " + std::to_string(segments) + " segments; " +
            std::to_string(parsing.limits.path) + " are allowed."
        );
    Place place;
    place.path = base::split(key, '.');
    place.type = attr_type(place.path.front(), parsing);
    if (segments > 1 && parsing.module.extn(place.path.front()))
        refuse(
            "The path " + base::in_quotes(key) + " goes into another module: filters through references are not " +
            "supported; compare " + base::in_quotes(place.path.front()) + " with ids."
        );
    for (std::size_t at = 1; at < segments; ++at) {
        place.through_list = place.through_list || place.type.kind == Type::Kind::list;
        place.type = enter(place.type, place.path[at], key, parsing);
    }
    return place;
}

}  // namespace limp::query
