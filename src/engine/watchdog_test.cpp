#include "engine/watchdog.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <string>

#include "base/log.hpp"

namespace limp::engine {
namespace {

using namespace std::chrono_literals;

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t times = 0;
    for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++times;
    return times;
}

// A bounded time.
bool is_soon(const std::function<bool()>& is_so) {
    for (int i = 0; i < 30'000 && !is_so(); ++i) std::this_thread::sleep_for(1ms);
    return is_so();
}

struct TwoLoops {
    base::Loop stuck;
    base::Loop free;
    std::jthread first{[this] { stuck.run(); }};
    std::jthread second{[this] { free.run(); }};

    ~TwoLoops() {
        stuck.stop();
        free.stop();
    }

    // Whether the loop does what is posted to it, within a bounded time.
    static bool answers(base::Loop& loop) {
        auto done = std::make_shared<std::promise<void>>();
        auto answered = done->get_future();
        loop.post([done] { done->set_value(); });
        return answered.wait_for(30s) == std::future_status::ready;
    }
};

struct Log {
    std::string lines;
    Log() { base::set_log_capture(&lines); }
    ~Log() { base::set_log_capture(nullptr); }
};

TEST(Watchdog, NamesOnceWhatKeepsALoopWhileOthersAnswer) {
    Log log;
    TwoLoops loops;
    std::atomic<bool> is_let_go = false;
    {
        const Watchdog dog({&loops.stuck, &loops.free}, 20ms);
        std::atomic<bool> has_begun = false;
        loops.stuck.post([&] {
            const Entered waiting({"other", "method", "page", "read"});
            const Entered entered({"shop", "before create", "note", "create"});
            has_begun = true;
            while (!is_let_go) std::this_thread::yield();
        });
        ASSERT_TRUE(is_soon([&] { return has_begun.load(); }));
        const std::size_t before = dog.warned();
        EXPECT_TRUE(is_soon([&] { return dog.warned() > before; }));
        EXPECT_TRUE(TwoLoops::answers(loops.free));
        // The dog looks again, and says nothing more of the first.
        const std::size_t first = dog.warned();
        loops.free.post([&] {
            const Entered entered({"cafe", "job", {}, "brew"});
            while (!is_let_go) std::this_thread::yield();
        });
        EXPECT_TRUE(is_soon([&] { return dog.warned() > first; }));
        is_let_go = true;
        EXPECT_TRUE(TwoLoops::answers(loops.free));
        EXPECT_TRUE(TwoLoops::answers(loops.stuck));
    }
    EXPECT_EQ(count(log.lines, "package=shop"), 1U) << log.lines;
    EXPECT_EQ(count(log.lines, "package=cafe"), 1U) << log.lines;
    EXPECT_NE(log.lines.find("kind=\"before create\" at=note/create"), std::string::npos) << log.lines;
    EXPECT_EQ(count(log.lines, "package=other"), 0U) << log.lines;
}

TEST(Watchdog, PiecesEndInAnyOrder) {
    const auto& pieces = Pieces::of_this_thread();
    EXPECT_FALSE(pieces->last());
    auto first = std::make_unique<Entered>(Piece{"shop", "job", {}, "digest"});
    auto second = std::make_unique<Entered>(Piece{"shop", "method", "note", "count"});
    EXPECT_EQ(pieces->last()->name, "note/count");
    first.reset();
    EXPECT_EQ(pieces->last()->name, "note/count");
    first = std::make_unique<Entered>(Piece{"shop", "job", {}, "digest"});
    second.reset();
    EXPECT_EQ(pieces->last()->name, "digest");
    first.reset();
    EXPECT_FALSE(pieces->last());
}

}  // namespace
}  // namespace limp::engine
