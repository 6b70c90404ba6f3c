#include "types/converters.hpp"
#include "types/narrowing.hpp"
#include "types/types.hpp"

namespace limp::types {

namespace {

Value convert_kind(const Type& type, const Value& value, const Context& context) {
    switch (type.kind) {
        case Type::Kind::any:
            return convert_any(value);
        case Type::Kind::id:
            return convert_id(value);
        case Type::Kind::str:
            return convert_str(value);
        case Type::Kind::integer:
            return convert_integer(value);
        case Type::Kind::real:
            return convert_real(value);
        case Type::Kind::boolean:
            return convert_boolean(value);
        case Type::Kind::email:
            return convert_email(value);
        case Type::Kind::phone:
            return convert_phone(value);
        case Type::Kind::uri_web:
            return convert_uri_web(value);
        case Type::Kind::ip:
            return convert_ip(value);
        case Type::Kind::time:
            return convert_time(value);
        case Type::Kind::file:
            return convert_file(value, context);
        case Type::Kind::bin:
            return convert_bin(value, context);
        case Type::Kind::geo:
            return convert_geo(value);
        case Type::Kind::locale:
            return convert_locale(value, context);
        case Type::Kind::locales:
            return convert_locales(value, context);
        case Type::Kind::object:
            return convert_object(type, value, context);
        case Type::Kind::choice:
            return convert_choice(type, value);
        case Type::Kind::list:
            return convert_list(type, value, context);
        case Type::Kind::privileges:
            return convert_privileges(value);
        case Type::Kind::attrs:
            return convert_attrs(value);
        case Type::Kind::access:
            return convert_access(value);
        case Type::Kind::date:
            return convert_date(value);
        case Type::Kind::datetime:
            return convert_datetime(value);
        case Type::Kind::time_of_day:
            return convert_time_of_day(value);
        case Type::Kind::dict:
            return convert_dict(type, value, context);
        case Type::Kind::any_of:
            return convert_any_of(type, value, context);
        case Type::Kind::diff:
            if (context.is_stored) return value;
            break;
        case Type::Kind::counter:
            if (context.is_stored) return convert_str(value);
            break;
    }
    throw TypeError("", "must be left out: limpd keeps it itself");
}

}  // namespace

Value convert(const Type& type, const Value& value, const Context& context) {
    if (value.is_null()) return value;
    Value stored = convert_kind(type, value, context);
    check_narrowing(type, stored, context);
    return stored;
}

}  // namespace limp::types
