// app/server_key.hpp: the secret that session tokens are derived with, in a file of mode 0600.
#pragma once

#include <filesystem>
#include <string>

namespace limp::app {

// The key in that file, made of 256 random bits when there is none. Throws UsageError when the file cannot be read or
// written, when others than its owner may read it, or when it holds no key.
std::string server_key(const std::filesystem::path& file);

}  // namespace limp::app
