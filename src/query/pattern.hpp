// query/pattern.hpp: the expressions of $regex. RE2: what a client writes takes time in proportion to the text, never
// more.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <string>

namespace limp::query {

// Ready to be looked for; when it is no expression ok() is false, and error() says why.
std::unique_ptr<RE2> compile_pattern(const std::string& pattern);

}  // namespace limp::query
