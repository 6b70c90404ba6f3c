// cli/options.hpp: the command line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/options.hpp"

namespace limp::cli {

// What a command line asks for.
struct CommandLine {
    enum class Command { help, serve, new_package, check, routes, test, build, backup, restore, user_password };

    Command command = Command::serve;
    app::Options options;
    std::string text;                     // help: what to print before leaving (help, the version)
    std::filesystem::path file;           // backup, restore
    std::string user;                     // user_password: user name, e-mail address, phone number or id
    bool activate = false;                // user_password
    std::string package = {};             // new_package
    bool with_cpp = false;                // new_package
    std::vector<std::string> names = {};  // routes: modules; test: packages
    bool json = false;                    // routes
};

// Throws app::UsageError for a word that is unknown or has no right value.
CommandLine read_command_line(int count, const char* const* words);

}  // namespace limp::cli
