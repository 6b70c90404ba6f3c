#include <cstdlib>
#include <iostream>

#include "app/scaffold.hpp"
#include "cli/commands.hpp"

namespace limp::cli {

int new_package(const CommandLine& line) {
    const std::string& name = line.package;
    for (const auto& file : app::make_package(line.options.modules, name, line.with_cpp))
        std::cout << file.string() << '\n';
    const std::string modules =
        line.options.modules == "modules" ? "" : " --modules \"" + line.options.modules.string() + "\"";
    std::cout << "Next: limpd check" << modules << ", limpd test " << name << modules << ", limpd" << modules << '\n';
    return EXIT_SUCCESS;
}

}  // namespace limp::cli
