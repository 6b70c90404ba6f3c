#include "limp/value.hpp"

#include <gtest/gtest.h>

#include <string>

namespace limp {
namespace {

TEST(Objects, AreEqualInAnyOrder) {
    EXPECT_EQ((Object{{"a", 1}, {"b", 2}, {"c", 3}}), (Object{{"a", 1}, {"c", 3}, {"b", 2}}));
    EXPECT_EQ((Object{{"a", Object{{"x", 1}, {"y", 2}}}}), (Object{{"a", Object{{"y", 2}, {"x", 1}}}}));
    EXPECT_EQ(Object{}, Object{});
}

TEST(Objects, DifferInANameAValueOrTheirSize) {
    EXPECT_NE((Object{{"a", 1}, {"b", 2}}), (Object{{"a", 1}, {"c", 2}}));
    EXPECT_NE((Object{{"a", 1}, {"b", 2}}), (Object{{"b", 1}, {"a", 2}}));
    EXPECT_NE((Object{{"a", 1}, {"b", 2}}), (Object{{"a", 1}}));
    EXPECT_NE((Object{{"a", 1}}), (Object{{"a", 1.0}}));
    EXPECT_NE((Object{{"a", nullptr}}), (Object{}));
}

// Look-ups one by one would take minutes for these.
TEST(Objects, OfAHundredThousandMembersAreCompared) {
    constexpr int count = 100'000;
    Object ascending;
    Object descending;
    for (int at = 0; at < count; ++at) {
        ascending.append("member " + std::to_string(at), at);
        descending.append("member " + std::to_string(count - 1 - at), count - 1 - at);
    }
    EXPECT_TRUE(ascending == descending);
    descending["member 7"] = -7;
    EXPECT_FALSE(ascending == descending);
}

}  // namespace
}  // namespace limp
