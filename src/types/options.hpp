// types/options.hpp: types that are written with options: {"int": {"min": 0}}, {"dict": {"value": "int"}}.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "limp/attr.hpp"
#include "limp/value.hpp"

namespace limp::types {

// How such a type is written, by example; empty when none is written {name: …}.
std::string_view example_of(std::string_view name);

// The type that {name: options} is; types inside are read by `parse`. Requires: there is an example of the name. Throws
// TypeError.
Type parse_options(
    std::string_view name, const Value& options, const std::function<Type(const Value& declared)>& parse
);

// The type as it is written with options; nothing when it has none.
std::optional<Value> describe_options(const Type& type);

}  // namespace limp::types
