// types/converters.hpp: what stands behind convert(), a function a kind.
//
// Each takes a value that is not null, gives the value as it is stored, and throws TypeError.
#pragma once

#include <string>
#include <string_view>

#include "limp/attr.hpp"
#include "limp/value.hpp"
#include "types/types.hpp"

namespace limp::types {

// scalars.cpp
Value convert_id(const Value& value);
Value convert_str(const Value& value);
Value convert_integer(const Value& value);
Value convert_real(const Value& value);
Value convert_boolean(const Value& value);
Value convert_choice(const Type& type, const Value& value);

// moments.cpp
Value convert_time(const Value& value);
Value convert_datetime(const Value& value);
Value convert_date(const Value& value);
Value convert_time_of_day(const Value& value);

// addresses.cpp
Value convert_email(const Value& value);
Value convert_phone(const Value& value);
Value convert_uri_web(const Value& value);
Value convert_ip(const Value& value);

// file.cpp
Value convert_file(const Value& value, const Context& context);
Value convert_bin(const Value& value, const Context& context);

// locale.cpp
Value convert_locale(const Value& value, const Context& context);
Value convert_locales(const Value& value, const Context& context);

// shapes.cpp
Value convert_geo(const Value& value);
Value convert_privileges(const Value& value);
Value convert_access(const Value& value);

// containers.cpp
Value convert_list(const Type& type, const Value& value, const Context& context);
Value convert_object(const Type& type, const Value& value, const Context& context);
Value convert_dict(const Type& type, const Value& value, const Context& context);
Value convert_any_of(const Type& type, const Value& value, const Context& context);

// Throws TypeError when no entry of a dict may have that key, whatever the type of its keys.
void check_entry_key(std::string_view key);

// free_form.cpp
Value convert_any(const Value& value);
Value convert_attrs(const Value& value);

// Whether an object of a client's own making may have a member of that name: not empty, UTF-8, without "." and NUL,
// not beginning with "$", not "__proto__".
bool is_free_key(std::string_view key);

// Throws TypeError, saying so, when it may not.
void check_free_key(std::string_view key);

}  // namespace limp::types
