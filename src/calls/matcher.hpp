// calls/matcher.hpp: what a transcript expects, against what came.
//
// Objects   the members named are compared, others are free. Lists: element by element, and no more of them.
// Marks     "$any": there, whatever it is. "$absent": not there. "$id": 24 hex digits. "$time": as times are sent.
// Names     "$name" is the value kept under that name; "${name}" inside a text is its text.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "limp/value.hpp"

namespace limp::calls {

using Kept = std::map<std::string, Value>;

// The value with the names that are kept put in, at any depth. A "$name" that is not kept stays as it is: "$gt".
Value filled(const Value& value, const Kept& kept);
std::string filled_text(const std::string& text, const Kept& kept);

// Nothing when `actual` is as expected, else where and how it differs, for people.
std::optional<std::string> difference(const Value& expected, const Value& actual);

}  // namespace limp::calls
