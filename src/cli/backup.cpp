#include <cstdlib>
#include <iostream>

#include "app/backup.hpp"
#include "cli/commands.hpp"

namespace limp::cli {

int backup(const CommandLine& line) {
    const app::Report report = app::back_up(line.options, line.file);
    std::cout << report.text;
    return report.is_whole ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace limp::cli
