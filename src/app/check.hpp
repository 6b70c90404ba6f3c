// app/check.hpp: what `limpd check` does: packages read and checked as a start would, without any data.
#pragma once

#include <string>
#include <vector>

#include "app/options.hpp"

namespace limp::app {

struct Checked {
    std::vector<std::string> mistakes;  // a line each, with file and line; one for a manifest that cannot be read
    std::size_t packages = 0;           // that were read, core not counted
};

// Throws UsageError when there is no such folder or package.
Checked check_packages(const Options& options);

}  // namespace limp::app
