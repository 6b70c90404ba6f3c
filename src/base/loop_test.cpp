#include "base/loop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/log.hpp"

namespace limp::base {
namespace {

using namespace std::chrono_literals;

class Capture {
public:
    Capture() { set_log_capture(&lines); }
    ~Capture() { set_log_capture(nullptr); }
    std::string lines;
};

// A coroutine waits here until somebody opens; on one thread.
struct Door {
    std::coroutine_handle<> waiting;

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> coroutine) noexcept { waiting = coroutine; }
    void await_resume() const noexcept {}
};

Task<> wait_at(Door& door, std::shared_ptr<int> held) {
    co_await door;
    ++*held;
}

TEST(Loop, RunsWhatIsPostedInOrderUntilItIsStopped) {
    Loop loop;
    std::vector<int> order;
    loop.post([&] {
        order.push_back(1);
        loop.post([&] { order.push_back(3); });
        loop.post([&] { loop.stop(); });
    });
    loop.post([&] { order.push_back(2); });
    loop.run();
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(Loop, TakesWorkAndStopFromOtherThreads) {
    Loop loop;
    int done = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 250; ++n)
                loop.post([&] {
                    if (++done == 1000) loop.stop();
                });
        });
    loop.run();
    EXPECT_EQ(done, 1000);
    for (std::thread& thread : threads) thread.join();
}

TEST(Loop, StoppedBeforeItRunsDoesNothing) {
    Loop loop;
    bool ran = false;
    loop.post([&] { ran = true; });
    std::thread([&] { loop.stop(); }).join();
    loop.run();
    EXPECT_FALSE(ran);
}

TEST(Loop, IsTheCurrentOneWhileItRuns) {
    Loop outer;
    outer.post([&] {
        EXPECT_EQ(&Loop::current(), &outer);
        run_to_end([](Loop& around) -> Task<> {
            EXPECT_NE(&Loop::current(), &around);
            co_return;
        }(outer));
        EXPECT_EQ(&Loop::current(), &outer);
        outer.stop();
    });
    outer.run();
}

TEST(Loop, GoesOnAfterWorkThatThrows) {
    const Capture log;
    Loop loop;
    loop.post([] { throw std::runtime_error("broken"); });
    loop.post([] { throw 1; });
    loop.post([&] { loop.stop(); });
    loop.run();
    EXPECT_NE(log.lines.find("error=broken"), std::string::npos) << log.lines;
    EXPECT_EQ(std::ranges::count(log.lines, '\n'), 2);
}

TEST(Loop, RunsDelayedWorkOnceWhenItsTimeHasCome) {
    Loop loop;
    std::vector<int> order;
    loop.post([&] {
        loop.after(1h, [&] { order.push_back(99); });
        loop.after(1ms, [&] {
            order.push_back(1);
            loop.after(0ms, [&] {
                order.push_back(2);
                loop.stop();
            });
        });
        order.push_back(0);
    });
    loop.run();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(Loop, DropsWhatHasNotRun) {
    const auto held = std::make_shared<int>();
    {
        Loop loop;
        loop.post([&] {
            loop.after(1h, [held] {});
            loop.stop();
            loop.post([held] {});
        });
        loop.run();
        EXPECT_EQ(held.use_count(), 3);
    }
    EXPECT_EQ(held.use_count(), 1);
}

TEST(Spawn, StartsAtOnceAndRunsByItself) {
    Loop loop;
    const auto held = std::make_shared<int>();
    Door door;
    bool started = false;
    const auto task = [](bool& begun, Door& at, std::shared_ptr<int> given) -> Task<> {
        begun = true;
        co_await wait_at(at, std::move(given));
    };
    loop.post([&] {
        spawn("waits", task(started, door, held));
        EXPECT_TRUE(started);
        EXPECT_EQ(*held, 0);
        door.waiting.resume();
        EXPECT_EQ(*held, 1);
        EXPECT_EQ(held.use_count(), 1);
        loop.stop();
    });
    loop.run();
}

TEST(Spawn, LogsWhatItsTaskThrows) {
    const Capture log;
    run_to_end([]() -> Task<> {
        spawn("breaks", []() -> Task<> {
            throw std::runtime_error("broken");
            co_return;
        }());
        spawn("breaks oddly", []() -> Task<> {
            throw 1;
            co_return;
        }());
        co_return;
    }());
    EXPECT_NE(log.lines.find("task=breaks error=broken"), std::string::npos) << log.lines;
    EXPECT_NE(log.lines.find("task=\"breaks oddly\""), std::string::npos) << log.lines;
}

TEST(Spawn, TasksThatHaveNotEndedGoWithTheLoop) {
    struct PostsAtItsEnd {
        ~PostsAtItsEnd() {
            Loop::current().post([] {});
        }
    };
    const auto held = std::make_shared<int>();
    Door door;
    run_to_end([](Door& at, std::shared_ptr<int> given) -> Task<> {
        spawn("waits", wait_at(at, given));
        spawn("sleeps", [](std::shared_ptr<int>) -> Task<> {
            const PostsAtItsEnd last;
            co_await sleep(1h);
        }(given));
        co_return;
    }(door, held));
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_EQ(*held, 0);
}

TEST(RunToEnd, GivesTheResultOrThrows) {
    EXPECT_EQ(run_to_end([]() -> Task<int> { co_return 7; }()), 7);
    EXPECT_EQ(*run_to_end([]() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(8); }()), 8);
    EXPECT_THROW(
        run_to_end([]() -> Task<> {
            throw std::out_of_range("x");
            co_return;
        }()),
        std::out_of_range
    );
    EXPECT_THROW(
        run_to_end([]() -> Task<int> {
            co_await sleep(1ms);
            throw std::out_of_range("x");
        }()),
        std::out_of_range
    );
}

TEST(Sleep, WaitsThatLongAndLetsOthersRun) {
    const auto begin = std::chrono::steady_clock::now();
    bool other_ran = false;
    run_to_end([](bool& ran) -> Task<> {
        Loop::current().post([&ran] { ran = true; });
        co_await sleep(5ms);
    }(other_ran));
    EXPECT_TRUE(other_ran);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 5ms);
}

TEST(On, ComesBackWithTheResult) {
    Pool pool({.name = "test", .threads = 1});
    run_to_end([](Pool& workers) -> Task<> {
        const auto home = std::this_thread::get_id();
        EXPECT_NE(co_await on(workers, [] { return std::this_thread::get_id(); }), home);
        EXPECT_EQ(std::this_thread::get_id(), home);
        EXPECT_EQ(co_await on(workers, [] { return std::string(100, 'x'); }), std::string(100, 'x'));
        const auto unique = co_await on(workers, [] { return std::make_unique<int>(5); });
        EXPECT_EQ(*unique, 5);
        int changed = 0;
        co_await on(workers, [&changed] { changed = 1; });
        EXPECT_EQ(changed, 1);
    }(pool));
}

TEST(On, ComesBackWithWhatWasThrown) {
    Pool pool({.name = "test", .threads = 1});
    run_to_end([](Pool& workers) -> Task<> {
        const auto home = std::this_thread::get_id();
        EXPECT_THROW((co_await on(workers, []() -> int { throw std::out_of_range("x"); })), std::out_of_range);
        EXPECT_EQ(std::this_thread::get_id(), home);
        EXPECT_THROW((co_await on(workers, [] { throw std::length_error("x"); })), std::length_error);
    }(pool));
}

TEST(On, HoldsItsWorkAsLongAsItRuns) {
    Pool pool({.name = "test", .threads = 1});
    const auto held = std::make_shared<int>(1);
    run_to_end([](Pool& workers, std::shared_ptr<int> given) -> Task<> {
        auto task = on(workers, [copy = given] { return *copy; });
        *given = 2;
        EXPECT_EQ(co_await std::move(task), 2);
    }(pool, held));
    EXPECT_EQ(held.use_count(), 1);
}

// One of many that go to the pool and come back; the last one opens the door.
Task<> go_and_come_back(Pool& workers, int number, int& left, Door& door) {
    const auto home = std::this_thread::get_id();
    const int got = co_await on(workers, [number] { return number * 2; });
    EXPECT_EQ(got, number * 2);
    EXPECT_EQ(std::this_thread::get_id(), home);
    if (--left == 0) door.waiting.resume();
}

TEST(On, BringsAThousandBackToTheirThread) {
    Pool pool({.name = "test", .threads = 4});
    int left = 1000;
    Door door;
    run_to_end([](Pool& workers, int& to_come, Door& at) -> Task<> {
        for (int i = 0; i < 1000; ++i) spawn("goes", go_and_come_back(workers, i, to_come, at));
        co_await at;
    }(pool, left, door));
    EXPECT_EQ(left, 0);
}

TEST(On, LoopsMayEndAtOnceAfterComingBack) {
    Pool pool({.name = "test", .threads = 2});
    for (int i = 0; i < 500; ++i)
        EXPECT_EQ(
            run_to_end([](Pool& workers, int number) -> Task<int> {
                co_return co_await on(workers, [number] { return number; });
            }(pool, i)),
            i
        );
}

TEST(On, WorkLeftInAPoolThatEndsBeforeItsLoopIsDropped) {
    const auto held = std::make_shared<int>();
    {
        Loop loop;
        Pool pool({.name = "test", .threads = 1});
        loop.post([&] {
            for (int i = 0; i < 10; ++i)
                spawn("goes", [](Pool& workers, std::shared_ptr<int> given) -> Task<> {
                    co_await on(workers, [] {});
                    ++*given;
                }(pool, held));
            loop.stop();
        });
        loop.run();
    }
    EXPECT_EQ(*held, 0);
    EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace limp::base
