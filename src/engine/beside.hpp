// engine/beside.hpp: what packages do beside calls: tasks and jobs.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "limp/host.hpp"
#include "limp/task.hpp"

namespace limp::engine {

class Served;

// Runs the work of a package to its end, with the host of that package; what it throws is logged. `kind`: "task" or
// "job". The packages stay as long: the exception of one is text by the time that its code may go.
Task<> run_beside(
    std::shared_ptr<const Served> served, std::string package, std::string kind, std::string name,
    std::function<Task<>(Host&)> work
);

}  // namespace limp::engine
