#include <string>
#include <vector>

#include "base/text.hpp"
#include "types/converters.hpp"
#include "types/types.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

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

void check_children(const Type& type, const Object& object) {
    std::vector<std::string> names;
    for (const Attr& child : type.children) names.push_back(child.name);
    for (const Member& member : object)
        if (!find_attr(type.children, member.name))
            throw TypeError(
                "", "must not hold " + base::in_quotes(member.name) + base::did_you_mean(member.name, names)
            );
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

}  // namespace

Value convert(const Type& type, const Value& value, const Context& context) {
    if (value.is_null()) return value;
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
        case Type::Kind::diff:
            if (context.is_stored) return value;
            break;
        default:
            break;
    }
    throw TypeError("", "must be left out: limpd keeps it itself");
}

}  // namespace limp::types
