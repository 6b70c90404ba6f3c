#include "engine/jobs.hpp"

#include <set>
#include <stdexcept>
#include <string>

#include "base/text.hpp"
#include "engine/registry.hpp"

namespace limp::engine {

namespace {

ReadyJob ready(const Package& package, const Job& job) {
    if (job.name.empty()) throw std::invalid_argument("a job needs a name");
    if (!job.run) throw std::invalid_argument("job " + base::in_quotes(job.name) + " has nothing to run");
    try {
        return {&package, &job, base::Cron(job.schedule)};
    } catch (const std::invalid_argument& error) {
        throw std::invalid_argument(
            "job " + base::in_quotes(job.name) + ", schedule " + base::in_quotes(job.schedule) + ": " + error.what()
        );
    }
}

}  // namespace

std::vector<ReadyJob> ready_jobs(const std::vector<PackageRef>& packages) {
    std::vector<ReadyJob> jobs;
    for (const PackageRef& package : packages) {
        std::set<std::string> names;
        for (std::size_t i = 0; i < package->jobs.size(); ++i) {
            const Job& job = package->jobs[i];
            try {
                jobs.push_back(ready(*package, job));
                if (!names.insert(job.name).second)
                    throw std::invalid_argument("there is a job " + base::in_quotes(job.name) + " already");
            } catch (const std::invalid_argument& error) {
                throw DeclarationError(package->name, "jobs[" + std::to_string(i) + "]", error.what());
            }
        }
    }
    return jobs;
}

}  // namespace limp::engine
