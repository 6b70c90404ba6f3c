// app/options.hpp: what the command line asks for, and how a start that cannot be is reported.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/log.hpp"

namespace limp::app {

struct Options {
    std::string env;                    // --env; empty: none
    bool debug = false;                 // --debug
    std::vector<std::string> packages;  // --packages: only these besides core; empty: every one
    std::optional<std::uint16_t> port;  // -p, --port; 0: any free one
    std::optional<std::string> address;
    std::optional<std::filesystem::path> data;  // --data: the data file
    std::filesystem::path modules = "modules";  // --modules: the folder whose folders are packages
    bool check = false;                         // --check: read everything, report, do not serve
    base::LogFormat log_format = base::LogFormat::text;
};

// The flags, the environment, a manifest or the configuration ask for what cannot be. what() is one line for people,
// with the place and with what would be right; limpd prints it and exits with 2.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace limp::app
