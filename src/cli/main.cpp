// limpd: exit code 0 after a clean stop, 1 when something failed, 2 when what is asked for cannot be.
#include <cstdlib>
#include <exception>
#include <iostream>

#include "app/app.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "page/page.hpp"

namespace {

int run(const limp::cli::CommandLine& line) {
    using Command = limp::cli::CommandLine::Command;
    switch (line.command) {
        case Command::help:
            std::cout << line.text;
            return EXIT_SUCCESS;
        case Command::serve:
            return limp::app::run(line.options, limp::page::files());
        case Command::build:
            return limp::cli::build(line);
        case Command::backup:
            return limp::cli::backup(line);
        case Command::restore:
            return limp::cli::restore(line);
        case Command::new_package:
            return limp::cli::new_package(line);
        case Command::check:
            return limp::cli::check(line);
        case Command::routes:
            return limp::cli::routes(line);
        case Command::test:
            return limp::cli::test(line);
        case Command::user_password:
            return limp::cli::user_password(line);
    }
    return EXIT_FAILURE;
}

}  // namespace

int main(int count, char** words) {
    try {
        return run(limp::cli::read_command_line(count, words));
    } catch (const limp::app::UsageError& error) {
        std::cerr << "limpd: " << error.what() << '\n';
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "limpd: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
