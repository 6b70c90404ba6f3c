#include "engine/job_runner.hpp"

#include <chrono>

#include "base/log.hpp"
#include "base/loop.hpp"
#include "base/time.hpp"
#include "engine/beside.hpp"

namespace limp::engine {

namespace {

constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t set_back_ms = 60 * minute_ms;  // a clock that goes back by less is only being corrected

}  // namespace

JobRunner::JobRunner(const Engine& engine) : engine_(engine), seen_ms_(base::now_ms()) {}

Task<> JobRunner::run() {
    while (!is_stopped_) {
        co_await base::sleep(std::chrono::milliseconds(minute_ms - base::now_ms() % minute_ms));
        if (!is_stopped_) begin_due();
    }
}

void JobRunner::begin_due() {
    const std::int64_t now = base::now_ms();
    if (now < seen_ms_ && seen_ms_ - now < set_back_ms) return;  // nothing begins twice
    const ServedPtr served = engine_.served();
    for (const ReadyJob& job : served->jobs)
        if (job.schedule.next(seen_ms_) <= now) begin(served, job);
    seen_ms_ = now;
}

void JobRunner::begin(const ServedPtr& served, const ReadyJob& job) {
    Name name{job.package->name, job.job->name};
    if (!running_.insert(name).second) {
        base::log_warning(name.first, "a job still runs from before and is not begun again", {{"job", name.second}});
        return;
    }
    base::spawn("a job", work(served, job, std::move(name)));
}

Task<> JobRunner::work(ServedPtr served, const ReadyJob& job, Name name) {
    co_await run_beside(served, name.first, "job", name.second, job.job->run);
    running_.erase(name);
}

}  // namespace limp::engine
