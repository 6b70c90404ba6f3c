// package/names.hpp: how things may be named in a manifest, and how messages name them.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "limp/value.hpp"

namespace limp::package {

// `[a-z][a-z0-9_]*`, and any of `more` after the first letter: modules, collections, privileges, packages.
bool is_lower_name(std::string_view name, std::string_view more = {});

// `[A-Za-z][A-Za-z0-9_]*`: attrs. What begins with "_" or "$" is limpd's.
bool is_attr_name(std::string_view name);

// As messages speak of it: "a text", "a list".
std::string_view kind_name(Value::Kind kind);

std::string in_quotes(std::string_view text);

// The member `name` of each.
std::vector<std::string> names_of(const auto& named) {
    std::vector<std::string> names;
    std::ranges::transform(named, std::back_inserter(names), [](const auto& one) { return one.name; });
    return names;
}

}  // namespace limp::package
