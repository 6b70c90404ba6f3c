#include "engine/edits.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace limp::engine {

namespace {

using types::TypeError;
using Kind = Type::Kind;

struct Operator {
    std::string_view name;
    Edit::Kind edit;
    std::string_view companion;  // a second part; empty: none
    bool needs_companion = false;
};

constexpr std::size_t depth_max = 64;  // of a path; no value is stored that nests deeper

constexpr std::array<Operator, 6> operators = {{
    {"$add", Edit::Kind::add, {}},
    {"$multiply", Edit::Kind::multiply, {}},
    {"$append", Edit::Kind::append, "$unique"},
    {"$del_val", Edit::Kind::remove_values, {}},
    {"$set_index", Edit::Kind::set_index, "$index", true},
    {"$del_index", Edit::Kind::remove_index, {}},
}};

std::vector<std::string> known_parts() {
    std::vector<std::string> names;
    for (const Operator& one : operators) {
        names.emplace_back(one.name);
        if (!one.companion.empty()) names.emplace_back(one.companion);
    }
    return names;
}

bool is_known_part(std::string_view name) {
    return std::ranges::any_of(operators, [&](const Operator& one) {
        return one.name == name || (!one.companion.empty() && one.companion == name);
    });
}

std::vector<std::string> names_of_operators() {
    std::vector<std::string> names;
    for (const Operator& one : operators) names.emplace_back(one.name);
    return names;
}

void check_known(const Object& operation) {
    for (const Member& part : operation)
        if (!is_known_part(part.name))
            throw TypeError(
                "", "has no operator " + base::in_quotes(part.name) + base::did_you_mean(part.name, known_parts()) +
                        "; there are " + base::join(names_of_operators(), ", ")
            );
}

// The one operator that an operation names. Its parts are all there, and no other.
const Operator& operator_of(const Object& operation) {
    check_known(operation);
    const auto is_there = [&](const Operator& one) { return operation.contains(one.name); };
    const auto found = std::ranges::find_if(operators, is_there);
    if (found == operators.end())
        throw TypeError(
            "", "has " + base::in_quotes(operation.begin()->name) + " without an operator; there are " +
                    base::join(names_of_operators(), ", ")
        );
    if (found->needs_companion && !operation.contains(found->companion))
        throw TypeError("", "needs \"" + std::string(found->companion) + "\" beside " + std::string(found->name));
    for (const Member& part : operation)
        if (part.name != found->name && part.name != found->companion)
            throw TypeError("", "cannot take " + base::in_quotes(part.name) + " with " + std::string(found->name));
    return *found;
}

// The type itself, or those of a union.
std::vector<Type> alternatives(const Type& type) {
    if (type.kind != Kind::any_of) return {type};
    std::vector<Type> all;
    for (const Type& one : type.element) std::ranges::copy(alternatives(one), std::back_inserter(all));
    return all;
}

bool counts(const Operator& oper) {
    return oper.edit == Edit::Kind::add || oper.edit == Edit::Kind::multiply;
}

// What the operands of the operator may be where it is used on that type. What narrows a number narrows the sum, and
// not what is added to it.
std::vector<Type> operand_types(const Operator& oper, const Type& type) {
    std::vector<Type> wanted;
    for (const Type& one : alternatives(type)) {
        const bool is_number = one.kind == Kind::integer || one.kind == Kind::real;
        if (one.kind == Kind::any) wanted.push_back(one);
        if (counts(oper) && is_number) wanted.push_back(Type::of(one.kind));
        if (!counts(oper) && one.kind == Kind::list) wanted.push_back(one.element.front());
    }
    if (wanted.empty())
        throw TypeError(
            "", "takes no " + std::string(oper.name) + ": it is " + types::text_of(type) +
                    (counts(oper) ? ", and no number" : ", and no list")
        );
    if (oper.edit == Edit::Kind::remove_values && std::ranges::any_of(wanted, types::holds_files))
        throw TypeError("", "takes no $del_val, as it holds files; $del_index removes one");
    return wanted;
}

// The operand as the first of the types that take it stores it.
Value fitting(const std::vector<Type>& wanted, const Value& operand, const types::Context& context) {
    for (auto type = wanted.begin();; ++type) {
        try {
            if (operand.is_null()) throw TypeError("", "must not be null");
            return types::convert(*type, operand, context);
        } catch (const TypeError&) {
            if (type + 1 == wanted.end()) throw;
        }
    }
}

Value typed_values(const std::vector<Type>& wanted, const Value& operand, const types::Context& context) {
    if (!operand.is_list()) throw TypeError("", "must be a list of the values to remove");
    List typed;
    for (const Value& value : operand.list()) typed.push_back(fitting(wanted, value, context));
    return typed;
}

Value typed_operand(
    const Operator& oper, const std::vector<Type>& wanted, const Value& operand, const types::Context& context
) {
    if (oper.edit == Edit::Kind::remove_values) return typed_values(wanted, operand, context);
    if (oper.edit == Edit::Kind::remove_index) return fitting({Type::of(Kind::integer)}, operand, context);
    Value typed = fitting(wanted, operand, context);
    if (counts(oper) && !typed.is_number()) throw TypeError("", "must be a number");
    return typed;
}

Value typed_companion(const Operator& oper, const Value& value, const types::Context& context) {
    return fitting({Type::of(oper.companion == "$index" ? Kind::integer : Kind::boolean)}, value, context);
}

// What the operand of `part` is refused for is said about that part: "tags.$append".
Value inside(std::string_view part, const std::function<Value()>& work) {
    try {
        return work();
    } catch (const TypeError& error) {
        throw TypeError("." + std::string(part) + error.path, error.what());
    }
}

std::vector<std::string> children_of(const Type& type, const types::Context& context) {
    std::vector<std::string> names;
    for (const Attr& child : type.children) names.push_back(child.name);
    if (type.kind == Kind::locale) names.assign(context.locales.begin(), context.locales.end());
    return names;
}

bool is_needed(const Type& type, std::string_view child) {
    const Attr* found = type.kind == Kind::object ? find_attr(type.children, child) : nullptr;
    return found && !found->optional;
}

Type child_of(const Type& type, std::string_view name, const types::Context& context) {
    if (type.kind == Kind::list)
        throw TypeError("", "is a list: $set_index and $del_index change its elements, and no path goes through it");
    if (auto child = types::child(type, name, context)) return std::move(*child);
    throw TypeError(
        "", "has no " + base::in_quotes(name) + " in it" + base::did_you_mean(name, children_of(type, context))
    );
}

}  // namespace

std::string_view root_of(std::string_view key) {
    return key.substr(0, key.find('.'));
}

void drop(Document& doc, std::string_view attr) {
    std::vector<std::string> keys;
    for (const Member& member : doc)
        if (root_of(member.name) == attr) keys.push_back(member.name);
    for (const std::string& key : keys) doc.erase(key);
}

bool has_operator(const Value& value) {
    return value.is_object() &&
           std::ranges::any_of(operators, [&](const Operator& one) { return value.object().contains(one.name); });
}

bool is_operation(const Value& value) {
    return value.is_object() &&
           std::ranges::any_of(value.object(), [](const Member& member) { return member.name.starts_with('$'); });
}

EditPlace place_of(const Attr& attr, std::string_view key, const types::Context& context) {
    EditPlace place{base::split(key, '.'), attr.type, attr.optional};
    if (place.path.size() > depth_max)
        throw TypeError("", "takes no path of more than " + std::to_string(depth_max) + " names");
    std::string way;
    for (auto name = place.path.begin() + 1; name != place.path.end(); ++name) {
        try {
            place.optional = !is_needed(place.type, *name);
            place.type = child_of(place.type, *name, context);
        } catch (const TypeError& error) {
            throw TypeError(way, error.what());
        }
        way += "." + *name;
    }
    return place;
}

Value typed_operation(const Type& type, const Object& operation, const types::Context& context) {
    const Operator& oper = operator_of(operation);
    const std::vector<Type> wanted = operand_types(oper, type);
    Object typed;
    typed[oper.name] =
        inside(oper.name, [&] { return typed_operand(oper, wanted, *operation.find(oper.name), context); });
    if (const Value* companion = oper.companion.empty() ? nullptr : operation.find(oper.companion))
        typed[oper.companion] = inside(oper.companion, [&] { return typed_companion(oper, *companion, context); });
    return typed;
}

Edit edit_of(std::string_view key, const Value& typed) {
    Edit edit;
    edit.path = base::split(key, '.');
    edit.value = typed;
    if (!is_operation(typed)) return edit;
    const Object& operation = typed.object();
    const Operator& oper = operator_of(operation);
    edit.kind = oper.edit;
    edit.value = *operation.find(oper.name);
    if (oper.edit == Edit::Kind::remove_index) edit.index = edit.value.integer();
    if (const Value* index = operation.find("$index")) edit.index = index->integer();
    if (const Value* unique = operation.find("$unique"); unique && unique->boolean())
        edit.kind = Edit::Kind::append_new;
    return edit;
}

}  // namespace limp::engine
