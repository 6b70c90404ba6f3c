// base/sha256.hpp: SHA-256, the name of bytes by their content.
#pragma once

#include <string>
#include <string_view>

namespace limp::base {

// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace limp::base
