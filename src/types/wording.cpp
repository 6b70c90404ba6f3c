#include "types/wording.hpp"

namespace limp::types {

std::string_view said(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::null:
            return "null";
        case Value::Kind::boolean:
            return value.boolean() ? "true" : "false";
        case Value::Kind::integer:
            return "a whole number";
        case Value::Kind::real:
            return "a number with a fraction or an exponent";
        case Value::Kind::string:
            return "a text";
        case Value::Kind::list:
            return "a list";
        case Value::Kind::object:
            return "an object";
    }
    return "nothing known";
}

TypeError not_that(std::string_view wanted, const Value& value) {
    return TypeError("", std::string(wanted) + "; it is " + std::string(said(value)));
}

}  // namespace limp::types
