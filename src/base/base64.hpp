// base/base64.hpp: RFC 4648, both alphabets. Decoding takes the canonical form only: right length, right padding, no
// other characters, unused bits zero.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace limp::base {

std::string to_base64(std::string_view bytes);                     // with padding
std::optional<std::string> from_base64(std::string_view text);     // padding required
std::string to_base64url(std::string_view bytes);                  // without padding
std::optional<std::string> from_base64url(std::string_view text);  // padding refused

}  // namespace limp::base
