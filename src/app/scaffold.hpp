// app/scaffold.hpp: what `limpd new` does: a package to begin with.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace limp::app {

// Makes the folder `name` in `modules` and gives the files in it. The package works, its transcript passes, and its
// comments say what to change. `with_cpp`: some of it is written in C++. Throws UsageError for a name that cannot be,
// and when the folder is there already.
std::vector<std::filesystem::path> make_package(
    const std::filesystem::path& modules, const std::string& name, bool with_cpp
);

}  // namespace limp::app
