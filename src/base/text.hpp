// base/text.hpp: small questions about text.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace limp::base {

// ASCII letters to lower case, upper case.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);

// Letters of all scripts folded for comparing without regard to case (simple case folding, one code point to one).
// What is not valid UTF-8 is copied as it is.
std::string fold_case(std::string_view utf8);

bool is_utf8(std::string_view text);

std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);

// The candidate that is nearest to the word, for "did you mean …"; empty when none is near (more than a third of its
// letters differ).
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace limp::base
