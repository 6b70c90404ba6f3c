// app/package_tests.hpp: what `limpd test` does: the transcripts of packages, each on a fresh limpd in memory.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "app/options.hpp"

namespace limp::app {

struct Tested {
    std::size_t transcripts = 0;
    std::size_t failed = 0;
};

// Runs tests/*.call of these packages, of all when there are none; all packages of `options` are loaded for each.
// `say` is told of each transcript when it has ended: its file, and what differs ("file:line: …") or nothing.
// Throws UsageError.
Tested test_packages(
    const Options& options, const std::vector<std::string>& packages,
    const std::function<void(const std::string& file, const std::string& failure)>& say
);

}  // namespace limp::app
