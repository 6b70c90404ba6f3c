#include "engine/lane.hpp"

#include <gtest/gtest.h>

#include <string>

namespace limp::engine {
namespace {

using Order = Lane::Order;

// Calls write their name when they start and finish when told.
struct LaneTest : testing::Test {
    Lane lane;
    std::string started;

    void add(Order order, char name) {
        lane.add(order, [this, name] { started += name; });
    }
};

TEST_F(LaneTest, ReadsOverlap) {
    add(Order::read, 'a');
    add(Order::read, 'b');
    EXPECT_EQ(started, "ab");
    EXPECT_EQ(lane.unfinished(), 2u);
}

TEST_F(LaneTest, WritesKeepTheirOrder) {
    add(Order::write, 'a');
    add(Order::write, 'b');
    EXPECT_EQ(started, "a");
    lane.finished(Order::write);
    EXPECT_EQ(started, "ab");
}

TEST_F(LaneTest, AReadWaitsForTheWritesBeforeIt) {
    add(Order::write, 'a');
    add(Order::read, 'b');
    add(Order::read, 'c');
    EXPECT_EQ(started, "a");
    lane.finished(Order::write);
    EXPECT_EQ(started, "abc");
}

TEST_F(LaneTest, AWriteDoesNotWaitForReads) {
    add(Order::read, 'a');
    add(Order::write, 'b');
    EXPECT_EQ(started, "ab");
}

TEST_F(LaneTest, ABarrierWaitsForAllAndAllWaitForIt) {
    add(Order::read, 'a');
    add(Order::write, 'b');
    add(Order::barrier, 'c');
    add(Order::read, 'd');
    lane.finished(Order::write);
    EXPECT_EQ(started, "ab");
    lane.finished(Order::read);
    EXPECT_EQ(started, "abc");
    lane.finished(Order::barrier);
    EXPECT_EQ(started, "abcd");
    lane.finished(Order::read);
    EXPECT_EQ(lane.unfinished(), 0u);
}

TEST_F(LaneTest, ACallMayFinishWhileItStarts) {
    std::string order;
    for (const char name : {'a', 'b', 'c'}) {
        lane.add(Order::write, [&, name] {
            order += name;
            lane.finished(Order::write);
        });
    }
    EXPECT_EQ(order, "abc");
    EXPECT_EQ(lane.unfinished(), 0u);
}

}  // namespace
}  // namespace limp::engine
