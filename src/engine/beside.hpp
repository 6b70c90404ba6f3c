// engine/beside.hpp: what packages do beside calls: tasks and jobs.
#pragma once

#include <memory>
#include <string>

#include "limp/task.hpp"

namespace limp::engine {

class Served;

// Runs the task to its end; what it throws is logged under the package. `kind`: "task" or "job". The packages stay as
// long: the exception of one is text by the time that its code may go.
Task<> run_beside(
    std::shared_ptr<const Served> served, std::string package, std::string kind, std::string name, Task<> task
);

}  // namespace limp::engine
