// query/operators.hpp: the operators by the names that clients use.
#pragma once

#include <string_view>

#include "limp/query.hpp"

namespace limp::query {

// "$eq" is equal, and so on. Throws Refusal 400, naming the nearest, when there is none of that name.
Condition::Operator find_operator(std::string_view name);

}  // namespace limp::query
