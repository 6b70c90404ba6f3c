#include "engine/sessions.hpp"

#include <gtest/gtest.h>

namespace limp::engine {
namespace {

TEST(MergeGrants, ListsAreJoinedWithoutRepeating) {
    const Object user{{"blog", List{"read"}}};
    const Object group{{"blog", List{"read", "create"}}, {"staff", List{"admin"}}};
    const Privileges merged(merge_grants({&user, &group}));
    EXPECT_EQ(merged.merged(), (Object{{"blog", List{"read", "create"}}, {"staff", List{"admin"}}}));
}

TEST(MergeGrants, AStarMeansAllHoweverItIsWritten) {
    const Object text{{"blog", "*"}};
    const Object list{{"blog", List{"*"}}};
    const Object some{{"blog", List{"read"}}};
    for (const auto& grants : {std::vector{&text, &some}, std::vector{&some, &list}, std::vector{&text, &list}}) {
        const Privileges merged(merge_grants(grants));
        EXPECT_TRUE(merged.has("blog", "delete"));
        EXPECT_FALSE(merged.has("staff", "read"));
    }
}

TEST(MergeGrants, WhatIsMalformedGrantsNothing) {
    const Object grant{{"blog", "read"}, {"staff", 1}, {"user", Object{{"*", true}}}};
    const Privileges merged(merge_grants({&grant}));
    EXPECT_FALSE(merged.has("blog", "read"));
    EXPECT_FALSE(merged.has("staff", "read"));
    EXPECT_FALSE(merged.has("user", "*"));
}

TEST(Privileges, TheStarModuleStandsForThoseNotNamed) {
    const Object grant{{"*", "*"}, {"blog", List{"read"}}};
    const Privileges merged(merge_grants({&grant}));
    EXPECT_TRUE(merged.has("staff", "delete"));
    EXPECT_TRUE(merged.has("blog", "read"));
    EXPECT_FALSE(merged.has("blog", "delete"));
}

}  // namespace
}  // namespace limp::engine
