// query/variables.hpp: the variables that modifiers in manifests may use.
#pragma once

#include <string_view>

#include "limp/value.hpp"

namespace limp::query {

// Whether the value is a text that begins as a variable does.
bool is_variable(const Value& value);

// Whether it is "$__user.<path>", which may stand for a list.
bool is_user_path(const Value& value);

// Throws Refusal 400 when a text that begins as a variable names none that an operand may be.
void check_variable(std::string_view name);

}  // namespace limp::query
