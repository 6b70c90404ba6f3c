#include <cstdlib>
#include <iostream>

#include "app/backup.hpp"
#include "cli/commands.hpp"

namespace limp::cli {

int restore(const CommandLine& line) {
    const app::Report report = app::restore(line.options, line.file);
    std::cout << report.text;
    return report.is_whole ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace limp::cli
