#include <cstdlib>
#include <iostream>

#include "app/package_tests.hpp"
#include "cli/commands.hpp"

namespace limp::cli {

namespace {

void say(const std::string& file, const std::string& failure) {
    if (failure.empty())
        std::cout << "ok    " << file << std::endl;
    else
        std::cout << "FAILS " << failure << std::endl;
}

}  // namespace

int test(const CommandLine& line) {
    const app::Tested tested = app::test_packages(line.options, line.names, say);
    if (tested.transcripts == 0) {
        std::cerr << "limpd: no transcripts: they are the files tests/*.call of a package\n";
        return EXIT_FAILURE;
    }
    std::cout << tested.transcripts << (tested.transcripts == 1 ? " transcript, " : " transcripts, ") << tested.failed
              << " failed\n";
    return tested.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace limp::cli
