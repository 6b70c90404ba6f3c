// query/compare.hpp: how two stored values relate. No type of LIMP is needed: ids and times are texts whose bytewise
// order is theirs.
#pragma once

#include <compare>

#include "limp/value.hpp"

namespace limp::query {

// Numbers by what they are worth, whole or not and without rounding; texts byte by byte. Everything else, and values
// of different kinds, are unordered.
std::partial_ordering compare(const Value& left, const Value& right);

// Equal in kind and content; numbers by what they are worth, in lists too.
bool is_same(const Value& left, const Value& right);

}  // namespace limp::query
