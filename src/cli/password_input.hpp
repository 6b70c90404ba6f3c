// cli/password_input.hpp: a password from whoever runs limpd.
#pragma once

#include <string>

namespace limp::cli {

// From a terminal: asks twice, showing nothing of what is typed. Otherwise: one line from standard input.
// Throws app::UsageError when there is none, or when the two differ.
std::string read_new_password(const std::string& prompt);

}  // namespace limp::cli
