// tests/calls/in_process.hpp: all of limpd but its sockets, in this process.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "limp/package.hpp"
#include "limp/settings.hpp"
#include "tests/calls/runner.hpp"

namespace limp::calls {

// What limpd would load from there: core first.
std::vector<Package> packages_in(const std::filesystem::path& modules, const Settings& settings);

class InProcess {
public:
    // `driver`: "memory", or "sqlite" in a folder of its own.
    InProcess(const std::filesystem::path& modules, const std::string& driver);
    ~InProcess();

    std::unique_ptr<Client> connect();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace limp::calls
