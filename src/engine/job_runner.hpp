// engine/job_runner.hpp: begins the jobs of the packages when their minute has come.
//
// A job runs on the runner's loop, and begins again only when it has ended; so does a job of the same package and name
// that came with a replacement. When the clock leaps ahead, what became due meanwhile begins once.
//
// Threads  One loop; stop() from any thread. The runner outlives the loop's run, the engine the runner.
#pragma once

#include <atomic>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "engine/engine.hpp"

namespace limp::engine {

class JobRunner {
public:
    explicit JobRunner(const Engine& engine);

    // Looks each minute until stop().
    Task<> run();

    // From here on no job begins; those that run go on.
    void stop() { is_stopped_ = true; }

    // One look: begins what has become due since the last, by the clock of base/time.hpp.
    void begin_due();

private:
    using Name = std::pair<std::string, std::string>;  // package and job

    void begin(const ServedPtr& served, const ReadyJob& job);
    Task<> work(ServedPtr served, const ReadyJob& job, Name name);

    const Engine& engine_;
    std::int64_t seen_ms_;  // what was due until then has begun
    std::set<Name> running_;
    std::atomic<bool> is_stopped_ = false;
};

}  // namespace limp::engine
