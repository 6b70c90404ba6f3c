#include <cstdlib>
#include <iostream>

#include "app/packages.hpp"
#include "cli/commands.hpp"

namespace limp::cli {

int build(const CommandLine& line) {
    const std::vector<std::string> built = app::build_packages(line.options);
    for (const std::string& library : built) std::cout << "built " << library << '\n';
    if (built.empty()) std::cout << "no package has C++: there is nothing to build\n";
    return EXIT_SUCCESS;
}

}  // namespace limp::cli
