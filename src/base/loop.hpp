// base/loop.hpp: a thread's event loop, and how coroutines wait on it.
//
// One loop a thread; a connection and its calls never leave theirs. What blocks runs on a Pool by on().
//
// Lifetime  A Loop outlives what posts to it: destroy pools before the loops they come back to, and end run_to_end's
//           task only when no task it spawned is waiting for a pool.
// Errors    Work that throws is logged as an error; the loop goes on.
#pragma once

#include <chrono>
#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/pool.hpp"
#include "limp/task.hpp"

namespace boost::asio {
class io_context;
}

namespace limp::base {

class Loop {
public:
    Loop();
    ~Loop();  // drops what has not run, and the spawned tasks that have not ended
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    // The loop that runs on this thread. Requires: there is one.
    static Loop& current();

    // The same, or nullptr.
    static Loop* here();

    // Runs on this thread until stop(), even when there is nothing to do.
    void run();

    // Any thread: run() returns soon.
    void stop();

    // Any thread: the work runs on the loop's thread, after what was posted before.
    void post(std::function<void()> work);

    // This loop's thread: the work runs once, after that long.
    void after(std::chrono::milliseconds delay, std::function<void()> work);

    // The library's loop, for the room that has the sockets.
    boost::asio::io_context& context();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Starts a task on this thread and lets it run by itself. What it throws is logged as an error under that name.
// Requires: a loop runs on this thread; the task goes with it when it has not ended before.
void spawn(std::string_view name, Task<> task);

// Runs a task to its end on a loop of its own; for start-up, tools and tests. Rethrows what it throws.
void run_to_end(Task<> task);
template <class T>
T run_to_end(Task<T> task) {
    std::optional<T> result;
    run_to_end([](Task<T> inner, std::optional<T>& out) -> Task<> {
        out = co_await std::move(inner);
    }(std::move(task), result));
    return std::move(*result);
}

// Waits that long without holding the thread.
Task<> sleep(std::chrono::milliseconds delay);

// Runs `work` on the pool and comes back to this loop with its result, or with what it threw.
// The pool must take the work: a bounded pool is asked with Pool::has_room() first.
template <class Work>
auto on(Pool& pool, Work work) -> Task<std::invoke_result_t<Work>> {
    using Result = std::invoke_result_t<Work>;
    struct Awaiter {
        Pool& pool;
        Work& work;
        std::variant<
            std::monostate, std::conditional_t<std::is_void_v<Result>, std::monostate, Result>, std::exception_ptr>
            outcome;

        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> waiting) {
            Loop& home = Loop::current();
            pool.post([this, waiting, &home] {
                try {
                    if constexpr (std::is_void_v<Result>) {
                        work();
                        outcome.template emplace<1>();
                    } else {
                        outcome.template emplace<1>(work());
                    }
                } catch (...) {
                    outcome.template emplace<2>(std::current_exception());
                }
                home.post([waiting] { waiting.resume(); });
            });
        }
        Result await_resume() {
            if (outcome.index() == 2) std::rethrow_exception(std::get<2>(outcome));
            if constexpr (!std::is_void_v<Result>) return std::move(std::get<1>(outcome));
        }
    };
    co_return co_await Awaiter{pool, work, {}};
}

}  // namespace limp::base
