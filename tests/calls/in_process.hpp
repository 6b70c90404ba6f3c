// tests/calls/in_process.hpp: app/in_process.hpp with the packages of a folder, on a store of its own.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "calls/runner.hpp"
#include "limp/package.hpp"
#include "limp/settings.hpp"

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
