#include "base/pool.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <exception>
#include <utility>

#include "base/log.hpp"

namespace limp::base {
namespace {

constexpr std::size_t thread_name_max = 15;

// Linux counts niceness by thread.
void add_nice(int nice) {
    const auto thread = static_cast<id_t>(gettid());
    setpriority(PRIO_PROCESS, thread, getpriority(PRIO_PROCESS, thread) + nice);
}

void run(const std::string& pool_name, const std::function<void()>& work) {
    try {
        work();
    } catch (const std::exception& error) {
        log_error("base", "work on a pool failed", {{"pool", pool_name}, {"error", error.what()}});
    } catch (...) {
        log_error("base", "work on a pool failed", {{"pool", pool_name}});
    }
}

}  // namespace

Pool::Pool(Options options) : options_(std::move(options)) {
    threads_.reserve(options_.threads);
    for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work_until_closed(); });
}

Pool::~Pool() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

bool Pool::has_room() const {
    const std::lock_guard lock(mutex_);
    return options_.waiting_max == 0 || waiting_.size() < options_.waiting_max;
}

void Pool::post(std::function<void()> work) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(work));
    }
    changed_.notify_one();
}

void Pool::work_until_closed() {
    pthread_setname_np(pthread_self(), options_.name.substr(0, thread_name_max).c_str());
    if (options_.nice != 0) add_nice(options_.nice);

    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        // What the work holds is let go before the lock is taken again: that may run code which posts.
        {
            const std::function<void()> work = std::move(waiting_.front());
            waiting_.pop_front();
            lock.unlock();
            run(options_.name, work);
        }
        lock.lock();
    }
}

}  // namespace limp::base
