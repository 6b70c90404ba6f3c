// app/backup.hpp: what `limpd backup` and `limpd restore` do, with the configuration that limpd would serve with.
//
// Errors   UsageError when that is not as asked; StoreUnavailable when it fails on the way.
#pragma once

#include <filesystem>
#include <string>

#include "app/options.hpp"

namespace limp::app {

// What was done, in lines for people.
struct Report {
    std::string text;
    bool is_whole = true;  // false: the bytes of some files are lost, as the text says
};

Report back_up(const Options& options, const std::filesystem::path& file);
Report restore(const Options& options, const std::filesystem::path& file);

}  // namespace limp::app
