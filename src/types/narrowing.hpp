// types/narrowing.hpp: what a declaration asks of a value beyond its type: from, to, how long, which pattern.
#pragma once

#include "limp/attr.hpp"
#include "limp/value.hpp"
#include "types/types.hpp"

namespace limp::types {

// Throws TypeError when the value, in the form in which it is stored, is not as narrow as its type. Bounds that are
// relative to now hold when a value is sent: what is stored already does not outgrow them.
void check_narrowing(const Type& type, const Value& stored, const Context& context);

// A bound of date, datetime, time or time_of_day in the form in which values are stored; "+3d", "-2h" as they are
// (units w d h m s, a time of day only h m s). Throws TypeError.
Value read_moment_bound(Type::Kind kind, const Value& bound);

// Whether no value can be between the two bounds of the type, as far as that is known beforehand.
bool is_empty_range(const Type& type);

}  // namespace limp::types
