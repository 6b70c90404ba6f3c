// cli/options.hpp: the command line.
#pragma once

#include <optional>
#include <string>

#include "app/options.hpp"

namespace limp::cli {

// What a command line comes to: options to run with, or a text to print before leaving (help, the version).
struct CommandLine {
    std::optional<app::Options> options;
    std::string text;
};

// Throws app::UsageError for a flag that is unknown or has no right value.
CommandLine read_command_line(int count, const char* const* words);

}  // namespace limp::cli
