// package/builder.hpp: the C++ of a package: from its sources to the shared object, by CMake.
//
// A package with C++ has *.cpp files beside its limp.json, or a CMakeLists.txt of its own, which is used then;
// otherwise all of the *.cpp are built. What the build makes stands in the package's folder, in .build.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace limp::package {

// A build that failed: what() is what the compiler, or CMake, said.
class BuildError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Whether the package in that folder has C++.
bool has_sources(const std::filesystem::path& folder);

// What the package is made of: limp.json, C++ sources and CMake files, at any depth, but nothing that is hidden.
std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder);

// Where the library of that package is, once it is built.
std::filesystem::path library_of(const std::filesystem::path& folder);

// Whether the library is older than a file that it is made of, or is not there.
bool is_outdated(const std::filesystem::path& folder);

// Brings the library up to date with the sources. Takes as long as the compiler does; quick when there is nothing to
// do. Throws BuildError.
void build(const std::filesystem::path& folder);

}  // namespace limp::package
