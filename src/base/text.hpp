// base/text.hpp: small questions about text.
#pragma once

#include <cstddef>
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

// The longest beginning of a valid text that has at most so many bytes and ends between two characters.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);

// The text between quotes, escaped as in JSON and cut to 64 bytes: safe to put into an answer or a log line.
std::string in_quotes(std::string_view text);

// The candidate that is nearest to the word, for "did you mean …"; empty when none is near (more than a third of its
// letters differ).
std::string nearest(std::string_view word, std::span<const std::string> candidates);

// ` (did you mean "title"?)`, or nothing when no candidate is near.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace limp::base
