// base/pool.hpp: threads for what blocks.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace limp::base {

class Pool {
public:
    struct Options {
        std::string name;  // of the threads, 15 characters at most
        std::size_t threads = 1;
        std::size_t waiting_max = 0;  // work that may wait; 0: any number
        int nice = 0;                 // added to the threads' niceness
    };

    explicit Pool(Options options);
    ~Pool();  // finishes the work that waits, then joins

    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    // Whether fewer than waiting_max wait.
    bool has_room() const;

    // Any thread. Work is begun in the order of posting.
    void post(std::function<void()> work);

private:
    void work_until_closed();

    Options options_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> waiting_;
    bool closed_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace limp::base
