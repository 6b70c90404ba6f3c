#include "engine/quota.hpp"

#include <gtest/gtest.h>

namespace limp::engine {
namespace {

TEST(Quota, RefusesTheCallAfterTheLast) {
    Quota quota(3);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(quota.take("192.0.2.1", 1, 1'000));
    EXPECT_FALSE(quota.take("192.0.2.1", 1, 1'000));
}

TEST(Quota, KeysDoNotShare) {
    Quota quota(1);
    EXPECT_TRUE(quota.take("a", 1, 0));
    EXPECT_FALSE(quota.take("a", 1, 0));
    EXPECT_TRUE(quota.take("b", 1, 0));
}

TEST(Quota, RefillsEvenly) {
    Quota quota(60);
    EXPECT_TRUE(quota.take("a", 60, 0));
    EXPECT_FALSE(quota.take("a", 1, 500));
    EXPECT_TRUE(quota.take("a", 1, 1'000));
    EXPECT_FALSE(quota.take("a", 1, 1'000));
}

TEST(Quota, NeverHoldsMoreThanAMinutesWorth) {
    Quota quota(5);
    EXPECT_TRUE(quota.take("a", 1, 0));
    EXPECT_FALSE(quota.take("a", 6, 10'000'000));
    EXPECT_TRUE(quota.take("a", 5, 10'000'000));
}

TEST(Quota, ABatchTakesAllOrNothing) {
    Quota quota(10);
    EXPECT_FALSE(quota.take("a", 11, 0));
    EXPECT_TRUE(quota.take("a", 10, 0));
}

TEST(Quota, AClockThatGoesBackGivesNothing) {
    Quota quota(1);
    EXPECT_TRUE(quota.take("a", 1, 60'000));
    EXPECT_FALSE(quota.take("a", 1, 0));
    EXPECT_FALSE(quota.take("a", 1, 60'000));
}

TEST(Quota, ManyKeysDoNotFreeAnEmptyBucket) {
    Quota quota(1);
    EXPECT_TRUE(quota.take("attacker", 1, 0));
    for (int i = 0; i < 30'000; ++i) quota.take("k" + std::to_string(i), 1, 0);
    EXPECT_FALSE(quota.take("attacker", 1, 0));
}

}  // namespace
}  // namespace limp::engine
