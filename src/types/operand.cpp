#include "types/converters.hpp"
#include "types/types.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

Value scalar(const Value& value) {
    if (value.is_list() || value.is_object()) throw not_that("must be compared with a text, a number or a bool", value);
    return value;
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
        // A filter may well hold a part of one of these, or one that nobody has.
        case Type::Kind::email:
        case Type::Kind::phone:
        case Type::Kind::uri_web:
        case Type::Kind::locale:
        case Type::Kind::locales:
            return convert_str(value);
        case Type::Kind::file:
        case Type::Kind::bin:
        case Type::Kind::geo:
        case Type::Kind::privileges:
        case Type::Kind::attrs:
        case Type::Kind::access:
        case Type::Kind::diff:
            throw TypeError("", "cannot be compared with a value, only with null");
        default:
            return convert(type, value, context);
    }
}

}  // namespace limp::types
