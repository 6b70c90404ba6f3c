// limpd: exit code 0 after a clean stop, 1 when something failed, 2 when it cannot start as asked.
#include <cstdlib>
#include <exception>
#include <iostream>

#include "app/app.hpp"
#include "cli/options.hpp"

int main(int count, char** words) {
    try {
        const limp::cli::CommandLine line = limp::cli::read_command_line(count, words);
        if (line.options) return limp::app::run(*line.options);
        std::cout << line.text;
        return EXIT_SUCCESS;
    } catch (const limp::app::UsageError& error) {
        std::cerr << "limpd: " << error.what() << '\n';
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "limpd: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
