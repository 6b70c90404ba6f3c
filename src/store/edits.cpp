#include "store/edits.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "query/compare.hpp"
#include "store/stored.hpp"

namespace limp::store {

namespace {

using Kind = Edit::Kind;

[[noreturn]] void misfit(const Edit& edit, const std::string& why) {
    throw EditMisfit(edit.path, why);
}

// The object that `name` is to be found in. `depth`: how much of the path leads to it.
Object& as_object(Value& value, const Edit& edit, std::size_t depth) {
    if (value.is_object()) return value.object();
    const AttrPath way(edit.path.begin(), edit.path.begin() + static_cast<std::ptrdiff_t>(depth));
    throw EditMisfit(way, "is no object, so it has no \"" + edit.path[depth] + "\"");
}

// Where the path ends; nullptr when nothing, or null, is there or on the way.
Value* find(Document& document, const Edit& edit) {
    Object* inside = &document;
    for (std::size_t depth = 0;; ++depth) {
        Value* found = inside->find(edit.path[depth]);
        if (!found || found->is_null()) return nullptr;
        if (depth + 1 == edit.path.size()) return found;
        inside = &as_object(*found, edit, depth + 1);
    }
}

// The same, made on the way where it is missing.
Value& make(Document& document, const Edit& edit) {
    Object* inside = &document;
    for (std::size_t depth = 0;; ++depth) {
        Value& found = (*inside)[edit.path[depth]];
        if (depth + 1 == edit.path.size()) return found;
        if (found.is_null()) found = Object{};
        inside = &as_object(found, edit, depth + 1);
    }
}

void remove(Document& document, const Edit& edit) {
    if (!find(document, edit)) return;
    Object* inside = &document;
    for (std::size_t depth = 0; depth + 1 < edit.path.size(); ++depth)
        inside = &inside->find(edit.path[depth])->object();
    inside->erase(edit.path.back());
}

void set(Document& document, const Edit& edit) {
    if (edit.value.is_null())
        remove(document, edit);
    else
        make(document, edit) = edit.value;
}

std::int64_t whole_result(std::int64_t number, const Edit& edit) {
    std::int64_t result = 0;
    const bool is_too_large = edit.kind == Kind::add ? __builtin_add_overflow(number, edit.value.integer(), &result)
                                                     : __builtin_mul_overflow(number, edit.value.integer(), &result);
    if (is_too_large)
        misfit(edit, "is " + std::to_string(number) + ", and would become more than a whole number can be (64 bits)");
    return result;
}

double real_result(double number, const Edit& edit) {
    const double operand = edit.value.real();
    const double result = edit.kind == Kind::add ? number + operand : number * operand;
    if (!std::isfinite(result)) misfit(edit, "would become more than a number can be");
    return result;
}

void count(Document& document, const Edit& edit) {
    const Value* before = find(document, edit);
    if (before && !before->is_number()) misfit(edit, "is no number");
    if (before && before->kind() != edit.value.kind())
        misfit(
            edit, before->is_int() ? "is a whole number, which another with a fraction cannot change"
                                   : "is a number with a fraction, which a whole one cannot change; write 1.0 for 1"
        );
    if (edit.value.is_int())
        make(document, edit) = whole_result(before ? before->integer() : 0, edit);
    else
        make(document, edit) = real_result(before ? before->real() : 0, edit);
}

List& as_list(Value& value, const Edit& edit) {
    if (!value.is_list()) misfit(edit, "is no list");
    return value.list();
}

bool has(const List& list, const Value& value) {
    return std::ranges::any_of(list, [&](const Value& element) { return query::is_same(element, value); });
}

void append(Document& document, const Edit& edit) {
    Value& place = make(document, edit);
    if (place.is_null()) place = List{};
    List& list = as_list(place, edit);
    if (edit.kind == Kind::append || !has(list, edit.value)) list.push_back(edit.value);
}

void remove_values(Document& document, const Edit& edit) {
    Value* place = find(document, edit);
    if (!place) return;
    std::erase_if(as_list(*place, edit), [&](const Value& element) { return has(edit.value.list(), element); });
}

void change_element(Document& document, const Edit& edit) {
    Value* place = find(document, edit);
    if (!place) misfit(edit, "is not there, so it has no element " + std::to_string(edit.index));
    List& list = as_list(*place, edit);
    const std::int64_t at = edit.index < 0 ? edit.index + std::ssize(list) : edit.index;
    if (at < 0 || at >= std::ssize(list))
        misfit(edit, "has no element " + std::to_string(edit.index) + ": it has " + std::to_string(list.size()));
    if (edit.kind == Kind::set_index)
        list[static_cast<std::size_t>(at)] = edit.value;
    else
        list.erase(list.begin() + at);
}

void edit_one(Document& document, const Edit& edit) {
    switch (edit.kind) {
        case Kind::set:
            return set(document, edit);
        case Kind::add:
        case Kind::multiply:
            return count(document, edit);
        case Kind::append:
        case Kind::append_new:
            return append(document, edit);
        case Kind::remove_values:
            return remove_values(document, edit);
        case Kind::set_index:
        case Kind::remove_index:
            return change_element(document, edit);
    }
}

}  // namespace

void edit(Document& document, std::span<const Edit> edits) {
    for (const Edit& edit : edits)
        if (!is_kept_by_store(edit.path.front())) edit_one(document, edit);
}

bool have_changed(std::span<const Edit> edits, const Document& before, const Document& after) {
    return std::ranges::any_of(edits, [&](const Edit& edit) {
        const Value* old_value = before.find(edit.path.front());
        const Value* new_value = after.find(edit.path.front());
        return old_value && new_value ? !(*old_value == *new_value) : old_value != new_value;
    });
}

}  // namespace limp::store
