#include <optional>
#include <utility>

#include "types/converters.hpp"
#include "types/types.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

Value scalar(const Value& value) {
    if (value.is_list() || value.is_object()) throw not_that("must be compared with a text, a number or a bool", value);
    return value;
}

std::optional<Value> operand_if_any(const Type& type, const Value& value, const Context& context) {
    try {
        return convert_operand(type, value, context);
    } catch (const TypeError&) {
        return std::nullopt;
    }
}

bool is_stored_as(const Type& type, const Value& value, const Context& context) {
    try {
        convert(type, value, context);
        return true;
    } catch (const TypeError&) {
        return false;
    }
}

// As the type would store it that takes the value; when none does, as the first that compares with it.
Value operand_of_any(const Type& type, const Value& value, const Context& context) {
    std::optional<Value> first;
    for (const Type& one : type.element) {
        std::optional<Value> operand = operand_if_any(one, value, context);
        if (operand && is_stored_as(one, value, context)) return *std::move(operand);
        if (!first) first = std::move(operand);
    }
    if (first) return *std::move(first);
    throw not_that("must be compared with a value of one of its types", value);
}

}  // namespace

Value convert_operand(const Type& type, const Value& value, const Context& context) {
    if (value.is_null())
        throw TypeError("", "must not be compared with null this way; null alone asks for what is missing");
    switch (type.kind) {
        case Type::Kind::list:
            return convert_operand(type.element.front(), value, context);
        case Type::Kind::any:
        case Type::Kind::object:
            return scalar(value);
        case Type::Kind::any_of:
            return operand_of_any(type, value, context);
        case Type::Kind::choice:
            return convert_choice(type, value);
        // A filter may well hold a part of one of these, or one that nobody has.
        case Type::Kind::email:
        case Type::Kind::phone:
        case Type::Kind::uri_web:
        case Type::Kind::locale:
        case Type::Kind::locales:
        case Type::Kind::counter:
            return convert_str(value);
        case Type::Kind::file:
        case Type::Kind::bin:
        case Type::Kind::geo:
        case Type::Kind::privileges:
        case Type::Kind::attrs:
        case Type::Kind::access:
        case Type::Kind::diff:
        case Type::Kind::dict:
            throw TypeError("", "cannot be compared with a value, only with null");
        default:
            return convert(Type::of(type.kind), value, context);
    }
}

}  // namespace limp::types
