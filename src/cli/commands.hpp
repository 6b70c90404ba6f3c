// cli/commands.hpp: what stands behind each command of the command line, a file each.
//
// Each says on standard output what it did and returns the exit code. Throws app::UsageError, and whatever fails.
#pragma once

#include "cli/options.hpp"

namespace limp::cli {

int build(const CommandLine& line);
int backup(const CommandLine& line);
int check(const CommandLine& line);
int new_package(const CommandLine& line);
int restore(const CommandLine& line);
int routes(const CommandLine& line);
int test(const CommandLine& line);
int user_password(const CommandLine& line);

}  // namespace limp::cli
