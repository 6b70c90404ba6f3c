#include "base/loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cassert>
#include <list>
#include <mutex>
#include <string>
#include <utility>

#include "base/log.hpp"

namespace limp::base {
namespace {

// The coroutines that spawn() started and that have not ended.
class Spawned {
public:
    using Place = std::list<std::coroutine_handle<>>::iterator;

    Place add(std::coroutine_handle<> coroutine) { return running_.insert(running_.end(), coroutine); }
    void remove(Place place) { running_.erase(place); }

    // A frame takes itself out of the list.
    void destroy_all() {
        while (!running_.empty()) running_.front().destroy();
    }

private:
    std::list<std::coroutine_handle<>> running_;
};

// What runs on this thread.
thread_local Loop* current_loop = nullptr;
thread_local Spawned* current_spawned = nullptr;

// While it lives, the loop is this thread's; then the one before is again (run_to_end runs a loop inside another).
class Current {
public:
    Current(Loop& loop, Spawned& spawned)
        : loop_before_(std::exchange(current_loop, &loop)), spawned_before_(std::exchange(current_spawned, &spawned)) {}
    ~Current() {
        current_loop = loop_before_;
        current_spawned = spawned_before_;
    }
    Current(const Current&) = delete;
    Current& operator=(const Current&) = delete;

private:
    Loop* loop_before_;
    Spawned* spawned_before_;
};

// A coroutine that starts at once, is nobody's to await, and goes away at its end or with its loop.
struct Detached {
    struct promise_type {
        promise_type() : owner(*current_spawned) {
            place = owner.add(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        ~promise_type() { owner.remove(place); }
        promise_type(const promise_type&) = delete;
        promise_type& operator=(const promise_type&) = delete;

        Detached get_return_object() const noexcept { return {}; }
        std::suspend_never initial_suspend() const noexcept { return {}; }
        std::suspend_never final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        void unhandled_exception() const noexcept { std::terminate(); }  // run_detached catches everything

        Spawned& owner;
        Spawned::Place place;
    };
};

Detached run_detached(std::string name, Task<> task) {
    try {
        co_await std::move(task);
    } catch (const std::exception& error) {
        log_error("base", "a task failed", {{"task", name}, {"error", error.what()}});
    } catch (...) {
        log_error("base", "a task failed", {{"task", name}});
    }
}

}  // namespace

struct Loop::Impl {
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays_open{context.get_executor()};
    std::mutex posting;
    Spawned spawned;
};

Loop::Loop() : impl_(std::make_unique<Impl>()) {}

Loop::~Loop() {
    {
        // Whoever posted the last piece of work may still be inside post() on another thread.
        const std::lock_guard lock(impl_->posting);
    }
    // Before the context goes: the frames may hold sockets and timers of it, and their destructors may post.
    const Current current(*this, impl_->spawned);
    impl_->spawned.destroy_all();
}

Loop& Loop::current() {
    assert(current_loop);
    return *current_loop;
}

Loop* Loop::here() {
    return current_loop;
}

void Loop::run() {
    const Current current(*this, impl_->spawned);
    for (;;) {
        try {
            impl_->context.run();
            return;
        } catch (const std::exception& error) {
            log_error("base", "work on a loop failed", {{"error", error.what()}});
        } catch (...) {
            log_error("base", "work on a loop failed");
        }
    }
}

void Loop::stop() {
    impl_->context.stop();
}

void Loop::post(std::function<void()> work) {
    const std::lock_guard lock(impl_->posting);
    boost::asio::post(impl_->context, std::move(work));
}

void Loop::after(std::chrono::milliseconds delay, std::function<void()> work) {
    auto timer = std::make_unique<boost::asio::steady_timer>(impl_->context, delay);
    boost::asio::steady_timer& set = *timer;
    // The timer lives in its own handler: as long as it waits, or as the loop.
    set.async_wait([timer = std::move(timer), work = std::move(work)](const boost::system::error_code&) { work(); });
}

boost::asio::io_context& Loop::context() {
    return impl_->context;
}

void spawn(std::string_view name, Task<> task) {
    assert(current_spawned);
    run_detached(std::string(name), std::move(task));
}

void run_to_end(Task<> task) {
    std::exception_ptr error;
    Loop loop;
    const auto run_and_stop = [](Task<> inner, std::exception_ptr& thrown, Loop& on) -> Task<> {
        try {
            co_await std::move(inner);
        } catch (...) {
            thrown = std::current_exception();
        }
        on.stop();
    };
    loop.post([&] { spawn("run_to_end", run_and_stop(std::move(task), error, loop)); });
    loop.run();
    if (error) std::rethrow_exception(error);
}

Task<> sleep(std::chrono::milliseconds delay) {
    struct Awaiter {
        std::chrono::milliseconds delay;
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> waiting) const {
            Loop::current().after(delay, [waiting] { waiting.resume(); });
        }
        void await_resume() const noexcept {}
    };
    co_await Awaiter{delay};
}

}  // namespace limp::base
