// tests/calls/in_process.hpp: all of limpd but its sockets, in this process, on the memory store.
#pragma once

#include <filesystem>
#include <memory>

#include "tests/calls/runner.hpp"

namespace limp::calls {

class InProcess {
public:
    explicit InProcess(const std::filesystem::path& modules);
    ~InProcess();

    std::unique_ptr<Client> connect();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace limp::calls
