// limp/package.hpp: a package, the unit that limpd loads.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "limp/module.hpp"
#include "limp/task.hpp"
#include "limp/value.hpp"

namespace limp {

// A document that must exist when limpd runs: looked up by its _id, created when absent, never deleted by a call.
struct EnsuredDocument {
    std::string module;
    Document doc;                         // with _id
    std::optional<std::string> password;  // for users: set together with the document
};

// What is done again and again. `run` begins at each minute that the schedule names, unless it still runs from before.
// What it throws is logged.
struct Job {
    std::string name;      // "digest", for the log
    std::string schedule;  // minute hour day month weekday, in UTC, as cron has it: "30 4 * * 1-5"
    std::function<Task<>(Host&)> run;
};

struct Package {
    std::string name;
    std::vector<Module> modules;
    std::vector<EnsuredDocument> documents;
    std::vector<Module> templates;  // modules that others may be made from: "template": "content" in a manifest
    std::vector<Job> jobs = {};

    // Before the first call is served, and once no more calls begin. What `start` throws keeps the package out.
    // A task that `start` spawns ends with it: what goes on beside calls is a job.
    std::function<Task<>(Host&)> start = {};
    std::function<Task<>(Host&)> stop = {};

    // The module of that name, to add behaviour to. Throws std::invalid_argument when the package has none.
    Module& module(std::string_view module_name) {
        for (Module& one : modules)
            if (one.name == module_name) return one;
        throw std::invalid_argument("package " + name + " has no module " + std::string(module_name));
    }
};

// A package as it is served. Whatever can reach its code holds one: code in a shared object goes when none is left.
using PackageRef = std::shared_ptr<const Package>;

}  // namespace limp

// The C++ of a package begins here: what its limp.json declares is handed in, to be added to.
//
//     LIMP_PACKAGE(shop) {
//         shop.module("order").before(limp::Operation::create, [](limp::Event& event) {
//             event.doc["code"] = "ORDER-" + event.host.new_id();
//         });
//     }
//
// LIMP_ABI comes from the build (limp_add_package): limpd loads only what was built for the same headers, compiler and
// standard library.
#define LIMP_PACKAGE(name)                                                             \
    extern "C" __attribute__((visibility("default"))) const char* limp_package_abi() { \
        return LIMP_ABI;                                                               \
    }                                                                                  \
    extern "C" __attribute__((visibility("default"))) void limp_package_define(limp::Package& name)
