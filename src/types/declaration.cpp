// Types as manifests and core/describe write them.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "types/options.hpp"
#include "types/types.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

using Kind = Type::Kind;

constexpr std::size_t depth_max = 16;

// The kinds that have a name; the others are written by their shape or with options.
constexpr std::array<std::pair<std::string_view, Kind>, 23> names = {{
    {"any", Kind::any},
    {"id", Kind::id},
    {"str", Kind::str},
    {"int", Kind::integer},
    {"float", Kind::real},
    {"bool", Kind::boolean},
    {"email", Kind::email},
    {"phone", Kind::phone},
    {"uri:web", Kind::uri_web},
    {"ip", Kind::ip},
    {"time", Kind::time},
    {"file", Kind::file},
    {"bin", Kind::bin},
    {"geo", Kind::geo},
    {"locale", Kind::locale},
    {"locales", Kind::locales},
    {"attrs", Kind::attrs},
    {"access", Kind::access},
    {"diff", Kind::diff},
    {"date", Kind::date},
    {"datetime", Kind::datetime},
    {"time_of_day", Kind::time_of_day},
    {"privileges", Kind::privileges},
}};

Type parse_name(std::string_view name) {
    std::vector<std::string> known;
    for (const auto& [one, kind] : names) {
        if (one == name) return Type::of(kind);
        known.emplace_back(one);
    }
    if (!example_of(name).empty()) throw TypeError("", "must be written like " + std::string(example_of(name)));
    throw TypeError(
        "", "must be a type; there is none called " + base::in_quotes(name) + base::did_you_mean(name, known)
    );
}

Type parse_choice(const Value& literals) {
    if (!literals.is_list() || literals.list().empty())
        throw TypeError(".enum", "must be a list of the values allowed, like [\"draft\", \"published\"]");
    const List& list = literals.list();
    for (auto literal = list.begin(); literal != list.end(); ++literal) {
        if (literal->is_null() || literal->is_list() || literal->is_object())
            throw not_that("must be texts, numbers, true or false", *literal);
        if (std::find(list.begin(), literal, *literal) != literal)
            throw TypeError(".enum", "must not name a value twice");
    }
    return Type::one_of(list);
}

bool is_child_name(std::string_view name) {
    constexpr auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    constexpr auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return !name.empty() && is_letter(name.front()) &&
           std::ranges::all_of(name, [&](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

Type parse(const Value& declared, std::size_t depth);
Type parse_inside(const Value& declared, std::size_t depth);

Attr parse_child(const Member& member, std::size_t depth) {
    Attr child;
    child.name = member.name;
    child.optional = child.name.ends_with('?');
    if (child.optional) child.name.pop_back();
    if (!is_child_name(child.name))
        throw TypeError(
            "",
            "must have children whose names are a letter and then letters, digits and _ (and \"?\" at the end of "
            "an optional one), and not " +
                base::in_quotes(member.name)
        );
    child.type = inside("." + child.name, [&] { return parse_inside(member.value, depth + 1); });
    return child;
}

Type parse_object(const Object& declared, std::size_t depth) {
    if (declared.empty()) throw TypeError("", "must name its children; an object of anything is \"attrs\"");
    std::vector<Attr> children;
    for (const Member& member : declared) {
        Attr child = parse_child(member, depth);
        if (find_attr(children, child.name)) throw TypeError("", "must not name the child " + child.name + " twice");
        children.push_back(std::move(child));
    }
    return Type::object_of(std::move(children));
}

Type parse_elements(const List& declared, std::size_t depth) {
    try {
        return parse_options("union", declared, [&](const Value& one) { return parse_inside(one, depth + 1); });
    } catch (const TypeError& error) {
        throw TypeError(error.path, std::string(error.what()) + "; a choice of values is {\"enum\": [\"a\", \"b\"]}");
    }
}

// [type], or [type, type, …]: each element is of one of these.
Type parse_list(const List& declared, std::size_t depth) {
    if (declared.empty()) throw TypeError("", "must hold the type of its elements, like [\"str\"]");
    if (declared.size() > 1) return Type::list_of(parse_elements(declared, depth));
    return Type::list_of(inside("[0]", [&] { return parse_inside(declared.front(), depth + 1); }));
}

// Each document has one number of its own, so a counter is a whole attr.
Type parse_inside(const Value& declared, std::size_t depth) {
    Type type = parse(declared, depth);
    if (type.kind == Kind::counter) throw TypeError("", "must not be a counter, which is an attr of its own");
    return type;
}

Type parse(const Value& declared, std::size_t depth) {
    if (depth > depth_max) throw TypeError("", "must not nest deeper than " + std::to_string(depth_max) + " levels");
    if (declared.is_string()) return parse_name(declared.string());
    if (declared.is_list()) return parse_list(declared.list(), depth);
    if (!declared.is_object()) throw not_that("must be a type: \"str\", [\"id\"], {\"child\": \"int\"}", declared);
    const Object& object = declared.object();
    if (object.size() != 1) return parse_object(object, depth);
    const Member& only = *object.begin();
    if (only.name == "enum") return parse_choice(only.value);
    if (example_of(only.name).empty()) return parse_object(object, depth);
    const auto parse_inner = [&](const Value& inner) { return parse_inside(inner, depth + 1); };
    return inside("." + only.name, [&] { return parse_options(only.name, only.value, parse_inner); });
}

Value describe_list(const Type& element) {
    Value described = describe(element);
    if (element.kind != Kind::any_of) return List{std::move(described)};
    return *described.find("union");
}

}  // namespace

Type parse_type(const Value& declared) {
    return parse(declared, 0);
}

Value describe(const Type& type) {
    if (auto with_options = describe_options(type)) return *std::move(with_options);
    switch (type.kind) {
        case Kind::list:
            return describe_list(type.element.front());
        case Kind::choice:
            return Object{{"enum", type.literals}};
        case Kind::object: {
            Object children;
            for (const Attr& child : type.children)
                children.append(child.optional ? child.name + "?" : child.name, describe(child.type));
            return children;
        }
        default:
            return std::ranges::find(names, type.kind, &std::pair<std::string_view, Kind>::second)->first;
    }
}

std::string text_of(const Type& type) {
    const Value described = describe(type);
    return described.is_string() ? described.string() : base::to_json(described);
}

}  // namespace limp::types
