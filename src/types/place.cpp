// Going into a type by name, and showing what is stored under it.
#include <algorithm>
#include <string>
#include <utility>

#include "types/converters.hpp"
#include "types/types.hpp"

namespace limp::types {

namespace {

// Stores write a path between quotes, in which these cannot be written.
bool is_quotable(std::string_view name) {
    return std::ranges::none_of(name, [](char c) {
        return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
    });
}

Value without(const Value& stored, std::string_view name) {
    Value shown = stored;
    if (shown.is_object()) shown.object().erase(name);
    return shown;
}

}  // namespace

std::optional<Type> child(const Type& type, std::string_view name, const Context& context) {
    switch (type.kind) {
        case Type::Kind::object:
            if (const Attr* found = find_attr(type.children, name)) return found->type;
            return std::nullopt;
        case Type::Kind::locale:
            if (std::ranges::find(context.locales, name) == context.locales.end()) return std::nullopt;
            return Type::of(Type::Kind::str);
        case Type::Kind::list:
            return child(type.element.front(), name, context);
        case Type::Kind::any:
        case Type::Kind::attrs:
        case Type::Kind::privileges:
            if (!is_free_key(name) || !is_quotable(name)) return std::nullopt;
            return Type::of(Type::Kind::any);
        default:
            return std::nullopt;
    }
}

bool holds_files(const Type& type) {
    switch (type.kind) {
        case Type::Kind::file:
        case Type::Kind::bin:
            return true;
        case Type::Kind::list:
            return holds_files(type.element.front());
        case Type::Kind::object:
            return std::ranges::any_of(type.children, [](const Attr& inner) { return holds_files(inner.type); });
        default:
            return false;
    }
}

Value present(const Type& type, const Value& stored) {
    if (type.kind == Type::Kind::file || type.kind == Type::Kind::bin) return without(stored, "__file");
    if (type.kind == Type::Kind::list && stored.is_list()) {
        List shown;
        for (const Value& element : stored.list()) shown.push_back(present(type.element.front(), element));
        return shown;
    }
    if (type.kind == Type::Kind::object && stored.is_object()) {
        Value shown = stored;
        for (const Attr& inner : type.children)
            if (Value* found = shown.find(inner.name)) *found = present(inner.type, *found);
        return shown;
    }
    return stored;
}

}  // namespace limp::types
