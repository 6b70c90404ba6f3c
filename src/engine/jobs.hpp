// engine/jobs.hpp: the jobs of packages, with their schedules understood.
#pragma once

#include <vector>

#include "base/cron.hpp"
#include "limp/package.hpp"

namespace limp::engine {

struct ReadyJob {
    const Package* package;
    const Job* job;
    base::Cron schedule;
};

// Throws DeclarationError at "jobs[i]" of the package: a schedule that is none, no name or one that is taken, nothing
// to run.
std::vector<ReadyJob> ready_jobs(const std::vector<PackageRef>& packages);

}  // namespace limp::engine
