// app/in_process.hpp: all of limpd but its sockets, in this process, for transcripts.
#pragma once

#include <memory>
#include <vector>

#include "calls/runner.hpp"
#include "engine/engine.hpp"
#include "limp/package.hpp"
#include "limp/store.hpp"

namespace limp::app {

class InProcess {
public:
    // The store outlives it. Throws engine::DeclarationError, Unfit.
    InProcess(std::vector<PackageRef> packages, Store& store, engine::Options options);
    ~InProcess();

    std::unique_ptr<calls::Client> connect();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace limp::app
