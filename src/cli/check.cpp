#include <cstdlib>
#include <iostream>

#include "app/check.hpp"
#include "cli/commands.hpp"

namespace limp::cli {

int check(const CommandLine& line) {
    const app::Checked checked = app::check_packages(line.options);
    for (const std::string& mistake : checked.mistakes) std::cerr << "limpd: " << mistake << '\n';
    if (!checked.mistakes.empty()) return EXIT_FAILURE;
    std::cout
        << (checked.packages == 1 ? "1 package is right\n" : std::to_string(checked.packages) + " packages are right\n"
           );
    return EXIT_SUCCESS;
}

}  // namespace limp::cli
