// tests/calls/files.hpp: where the transcripts are.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace limp::calls {

std::filesystem::path source_root();
std::filesystem::path calls_folder();

// The transcripts, "user/create.call", in order.
std::vector<std::string> transcripts();

std::string contents(const std::filesystem::path& path);

// The same with nothing but letters, digits and "_", as GoogleTest wants names.
std::string test_name(std::string text);

}  // namespace limp::calls
