// Values made of values whose types are declared.
#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "types/converters.hpp"
#include "types/types.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

void check_children(const Type& type, const Object& object) {
    std::vector<std::string> names;
    for (const Attr& child : type.children) names.push_back(child.name);
    for (const Member& member : object)
        if (!find_attr(type.children, member.name))
            throw TypeError(
                "", "must not hold " + base::in_quotes(member.name) + base::did_you_mean(member.name, names)
            );
}

std::string convert_key(const Type& type, const std::string& key, const Context& context) {
    check_entry_key(key);
    try {
        return convert(type, key, context).string();
    } catch (const TypeError& error) {
        throw TypeError("", "must not have the key " + base::in_quotes(key) + ": a key " + error.what());
    }
}

std::optional<Value> converted(const Type& type, const Value& value, const Context& context) {
    try {
        return convert(type, value, context);
    } catch (const TypeError&) {
        return std::nullopt;
    }
}

// Whether it fits, told without bytes being kept for a type that in the end it is not of.
bool may_keep_bytes_of(const Type& type, const Value& value, const Context& context) {
    if (context.is_stored || !holds_files(type)) return true;
    Context trial = context;
    trial.keep_bytes = [](const std::string&) { return std::string(); };
    return converted(type, value, trial).has_value();
}

}  // namespace

Value convert_list(const Type& type, const Value& value, const Context& context) {
    if (!value.is_list()) throw not_that("must be a list", value);
    List stored;
    stored.reserve(value.list().size());
    for (const Value& element : value.list())
        stored.push_back(inside("[" + std::to_string(stored.size()) + "]", [&] {
            if (element.is_null()) throw TypeError("", "must not be null; leave it out of the list");
            return convert(type.element.front(), element, context);
        }));
    return stored;
}

Value convert_object(const Type& type, const Value& value, const Context& context) {
    if (!value.is_object()) throw not_that("must be an object", value);
    check_children(type, value.object());
    Object stored;
    for (const Attr& child : type.children) {
        const Value* found = value.find(child.name);
        if (!found && child.optional) continue;
        if (!found) throw TypeError("", "must hold " + base::in_quotes(child.name));
        stored.append(child.name, inside("." + child.name, [&] {
                          if (found->is_null() && !child.optional) throw TypeError("", "must not be null");
                          return convert(child.type, *found, context);
                      }));
    }
    return stored;
}

void check_entry_key(std::string_view key) {
    check_free_key(key);
    if (key.starts_with("__"))
        throw TypeError(
            "", "must not have the key " + base::in_quotes(key) + ": what begins with \"__\" is limpd's own"
        );
}

Value convert_dict(const Type& type, const Value& value, const Context& context) {
    if (!value.is_object()) throw not_that("must be an object", value);
    Object stored;
    std::unordered_set<std::string> keys;
    for (const Member& member : value.object()) {
        std::string key = convert_key(type.element.front(), member.name, context);
        if (!keys.insert(key).second) throw TypeError("", "must not have the key " + base::in_quotes(key) + " twice");
        stored.append(key, inside("." + key, [&] {
                          if (member.value.is_null()) throw TypeError("", "must not be null; leave it out");
                          return convert(type.element.back(), member.value, context);
                      }));
    }
    for (const std::string& key : type.required)
        if (!keys.contains(key)) throw TypeError("", "must hold " + base::in_quotes(key));
    return stored;
}

Value convert_any_of(const Type& type, const Value& value, const Context& context) {
    std::vector<std::string> names;
    for (const Type& one : type.element) {
        names.push_back(text_of(one));
        if (!may_keep_bytes_of(one, value, context)) continue;
        if (auto stored = converted(one, value, context)) return *std::move(stored);
    }
    throw not_that("must be of one of the types " + base::join(names, ", "), value);
}

}  // namespace limp::types
