#include "base/id.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "base/time.hpp"

namespace limp::base {
namespace {

struct SetClock {
    explicit SetClock(std::int64_t ms) { set_clock(ms); }
    ~SetClock() { set_clock(std::nullopt); }
};

TEST(Id, IsTwentyFourLowerCaseHexDigits) {
    for (const std::string& id : {new_id(), new_random_id()}) {
        EXPECT_TRUE(is_id(id)) << id;
        EXPECT_TRUE(std::ranges::none_of(id, [](char c) { return c >= 'A' && c <= 'F'; })) << id;
    }
}

TEST(Id, BeginsWithItsSecond) {
    std::string id;
    std::thread([&] {
        const SetClock clock(0x6543'2100LL * 1000 + 999);
        id = new_id();
    }).join();
    EXPECT_EQ(id.substr(0, 8), "65432100");
}

TEST(Id, AscendsEvenWhenTheClockGoesBack) {
    std::thread([] {
        std::string last;
        for (const std::int64_t second : {1'000, 1'001, 1'001, 900, 1'002}) {
            const SetClock clock(second * 1000);
            for (int i = 0; i < 300; ++i) {
                const std::string id = new_id();
                ASSERT_LT(last, id);
                last = id;
            }
        }
    }).join();
}

TEST(Id, IsNewOnEveryThread) {
    std::mutex mutex;
    std::set<std::string> ids;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 1000; ++n) {
                const std::string id = new_id();
                const std::lock_guard lock(mutex);
                ids.insert(id);
            }
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(ids.size(), 4000U);
}

TEST(Id, RandomIdsAndBytesDiffer) {
    EXPECT_NE(new_random_id(), new_random_id());
    EXPECT_NE(random_bytes(16), random_bytes(16));
    EXPECT_EQ(random_bytes(0), "");
    EXPECT_EQ(random_bytes(1000).size(), 1000U);
}

TEST(Id, TakesHexOfEitherCaseAndNothingElse) {
    EXPECT_TRUE(is_id("0123456789abcdefABCDEF00"));
    using namespace std::literals;
    for (const auto text :
         {""sv, "0123456789abcdef0123456"sv, "0123456789abcdef012345678"sv, "0123456789abcdef0123456g"sv,
          " 123456789abcdef01234567"sv, "0123456789abcdef0123456\0"sv, "0x23456789abcdef01234567"sv})
        EXPECT_FALSE(is_id(text)) << text;
}

}  // namespace
}  // namespace limp::base
