// package/library.hpp: the C++ of a package: from a shared object to a PackageRef.
//
// Each load is of a private copy with a name of its own: whoever writes the file anew does not pull the ground from
// under code that runs, and two versions of a package stand beside each other while calls move from one to the other.
// The copy goes with the last PackageRef; docs/decisions/0016-packages-in-cpp.md has the traps on the way.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "limp/package.hpp"

namespace limp::package {

// A library that cannot be loaded: what() says why, and what to do.
class LibraryError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// What a library must have been built for.
std::string_view abi();

// `declared`, as limp.json says it, with what the library adds to it. Throws LibraryError.
PackageRef load_library(const std::filesystem::path& file, Package declared);

// How many copies there are, those that only wait to be closed among them.
std::size_t libraries_loaded();

}  // namespace limp::package
