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

std::optional<Type> entry(const Type& dict, std::string_view key, const Context& context) {
    if (!is_quotable(key)) return std::nullopt;
    try {
        check_entry_key(key);
        if (convert(dict.element.front(), std::string(key), context) != Value(key)) return std::nullopt;
    } catch (const TypeError&) {
        return std::nullopt;
    }
    return dict.element.back();
}

std::optional<Type> child_of_any(const Type& type, std::string_view name, const Context& context) {
    Type found = Type::of(Type::Kind::any_of);
    for (const Type& one : type.element)
        if (auto inner = child(one, name, context)) found.element.push_back(*std::move(inner));
    if (found.element.empty()) return std::nullopt;
    return found.element.size() == 1 ? found.element.front() : found;
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
        case Type::Kind::dict:
            return entry(type, name, context);
        case Type::Kind::any_of:
            return child_of_any(type, name, context);
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
        case Type::Kind::dict:
        case Type::Kind::any_of:
            return std::ranges::any_of(type.element, holds_files);
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
    if (type.kind == Type::Kind::dict && stored.is_object()) {
        Value shown = stored;
        for (Member& member : shown.object()) member.value = present(type.element.back(), member.value);
        return shown;
    }
    if (type.kind == Type::Kind::any_of && holds_files(type)) {
        Value shown = stored;
        for (const Type& one : type.element) shown = present(one, shown);
        return shown;
    }
    return stored;
}

}  // namespace limp::types
