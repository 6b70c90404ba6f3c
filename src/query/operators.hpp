// query/operators.hpp: the operators by the names that clients use.
#pragma once

#include <string_view>

#include "limp/query.hpp"

namespace limp::query {

// What an operator asks for: one condition, or something that is made of several.
struct Oper {
    enum class Kind { condition, not_in, all };
    Kind kind = Kind::condition;
    Condition::Operator condition = Condition::Operator::equal;
};

// "$eq" is equal, and so on. Throws Refusal 400, naming the nearest, when there is none of that name.
Oper find_operator(std::string_view name);

}  // namespace limp::query
