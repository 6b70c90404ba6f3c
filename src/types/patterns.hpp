// types/patterns.hpp: patterns of declarations, compiled once for the whole process.
#pragma once

#include <string>
#include <string_view>

namespace limp::types {

// Whether the whole text matches. Requires: flaw_of(pattern) is empty.
bool matches(const std::string& pattern, std::string_view text);

// What is wrong with the pattern, in the words of RE2; empty: nothing.
std::string flaw_of(const std::string& pattern);

}  // namespace limp::types
