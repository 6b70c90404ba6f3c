#include "base/pool.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>

#include "base/log.hpp"

namespace limp::base {
namespace {

// Work that holds its thread until it is let go.
class Gate {
public:
    std::function<void()> work() {
        return [this] {
            entered_.set_value();
            let_go_.get_future().wait();
        };
    }
    void wait_until_entered() { entered_.get_future().wait(); }
    void let_go() { let_go_.set_value(); }

private:
    std::promise<void> entered_;
    std::promise<void> let_go_;
};

TEST(Pool, BeginsWorkInOrder) {
    std::vector<int> order;
    {
        Pool pool({.name = "test", .threads = 1});
        for (int i = 0; i < 100; ++i) pool.post([&order, i] { order.push_back(i); });
    }
    ASSERT_EQ(order.size(), 100U);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(Pool, FinishesWhatWaitsAndWhatThatPosts) {
    std::atomic<int> done = 0;
    {
        Pool pool({.name = "test", .threads = 2});
        for (int i = 0; i < 100; ++i)
            pool.post([&] {
                ++done;
                pool.post([&] { ++done; });
            });
    }
    EXPECT_EQ(done, 200);
}

TEST(Pool, WorksOnAllItsThreads) {
    Gate gates[3];
    Pool pool({.name = "test", .threads = 3});
    for (Gate& gate : gates) pool.post(gate.work());
    for (Gate& gate : gates) gate.wait_until_entered();
    for (Gate& gate : gates) gate.let_go();
}

TEST(Pool, HasRoomUntilEnoughWorkWaits) {
    Gate gate;
    Pool pool({.name = "test", .threads = 1, .waiting_max = 2});
    EXPECT_TRUE(pool.has_room());
    pool.post(gate.work());
    gate.wait_until_entered();
    EXPECT_TRUE(pool.has_room());  // what runs does not wait
    pool.post([] {});
    EXPECT_TRUE(pool.has_room());
    pool.post([] {});
    EXPECT_FALSE(pool.has_room());
    gate.let_go();
}

TEST(Pool, HasRoomForAnyNumberUnlessTold) {
    Gate gate;
    Pool pool({.name = "test", .threads = 1});
    pool.post(gate.work());
    gate.wait_until_entered();
    for (int i = 0; i < 1000; ++i) pool.post([] {});
    EXPECT_TRUE(pool.has_room());
    gate.let_go();
}

TEST(Pool, OutlivesWorkThatThrows) {
    std::string lines;
    set_log_capture(&lines);
    bool went_on = false;
    {
        Pool pool({.name = "test", .threads = 1});
        pool.post([] { throw std::runtime_error("broken"); });
        pool.post([] { throw 1; });
        pool.post([&] { went_on = true; });
    }
    set_log_capture(nullptr);
    EXPECT_TRUE(went_on);
    EXPECT_NE(lines.find("error=broken"), std::string::npos) << lines;
    EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
}

TEST(Pool, NamesItsThreadsAndLowersTheirPriority) {
    const int nice_here = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
    std::string name;
    int nice = 0;
    {
        Pool pool({.name = "a-name-that-is-too-long", .threads = 1, .nice = 3});
        pool.post([&] {
            char buffer[16];
            pthread_getname_np(pthread_self(), buffer, sizeof buffer);
            name = buffer;
            nice = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
        });
    }
    EXPECT_EQ(name, "a-name-that-is-");
    EXPECT_EQ(nice, std::min(nice_here + 3, 19));
    EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())), nice_here);
}

TEST(Pool, LetsGoOfWhatItsWorkHeld) {
    const auto held = std::make_shared<int>();
    std::promise<void> next;
    Pool pool({.name = "test", .threads = 1});
    pool.post([held] {});
    pool.post([&] { next.set_value(); });
    next.get_future().wait();
    EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace limp::base
