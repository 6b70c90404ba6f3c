// engine/watchdog.hpp: says in the log which code keeps a loop from going on.
//
// A thread of its own sends each loop a probe and waits for it to come back. When one takes longer than a turn may, the
// log names the piece of a package's code that was entered last on that thread and has not ended; once for each time.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/loop.hpp"
#include "engine/entered.hpp"

namespace limp::engine {

class Watchdog {
public:
    // The loops run, each on a thread of its own, and outlive it.
    Watchdog(std::vector<base::Loop*> loops, std::chrono::milliseconds turn_warn);
    ~Watchdog();

    // So many turns were too long until now.
    std::size_t warned() const { return warned_; }

private:
    using Clock = std::chrono::steady_clock;

    // On its way through a loop.
    struct Probe {
        Clock::time_point sent;
        std::shared_ptr<Pieces> pieces;  // of the loop's thread; before is_back
        std::atomic<bool> is_back = false;
    };
    struct Watched {
        base::Loop* loop;
        std::shared_ptr<Probe> probe;
        std::shared_ptr<Pieces> pieces;  // null until the first probe is back
        bool is_reported = false;
    };

    void watch(const std::stop_token& stopped);
    void look_at(Watched& watched);
    static void send_probe(Watched& watched);
    void report(const Watched& watched);

    const std::chrono::milliseconds turn_warn_;
    std::vector<Watched> watched_;
    std::atomic<std::size_t> warned_ = 0;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;  // last: it uses the rest
};

}  // namespace limp::engine
