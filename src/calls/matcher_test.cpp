#include "calls/matcher.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace limp::calls {
namespace {

bool matches(std::string_view expected, std::string_view actual) {
    return !difference(base::parse_json(expected), base::parse_json(actual));
}

TEST(Matcher, ComparesTheMembersNamedAndNoOthers) {
    EXPECT_TRUE(matches(R"({"status":200})", R"({"status":200,"msg":"Found 1 docs."})"));
    EXPECT_FALSE(matches(R"({"status":200})", R"({"status":403})"));
    EXPECT_FALSE(matches(R"({"status":200})", R"({"msg":"x"})"));
    EXPECT_FALSE(matches(R"({"a":{"b":1}})", R"({"a":1})"));
}

TEST(Matcher, ComparesListsWhole) {
    EXPECT_TRUE(matches("[1,2]", "[1,2]"));
    EXPECT_FALSE(matches("[1,2]", "[1,2,3]"));
    EXPECT_FALSE(matches("[1,2]", "[2,1]"));
    EXPECT_FALSE(matches("[]", "{}"));
}

TEST(Matcher, TellsNullAbsentAndFalsyApart) {
    EXPECT_TRUE(matches(R"({"a":"$absent"})", "{}"));
    EXPECT_FALSE(matches(R"({"a":"$absent"})", R"({"a":null})"));
    EXPECT_FALSE(matches(R"({"a":null})", "{}"));
    EXPECT_FALSE(matches(R"({"a":0})", R"({"a":false})"));
    EXPECT_FALSE(matches(R"({"a":""})", R"({"a":null})"));
}

TEST(Matcher, KnowsItsMarks) {
    EXPECT_TRUE(matches(R"({"a":"$any"})", R"({"a":null})"));
    EXPECT_FALSE(matches(R"({"a":"$any"})", "{}"));
    EXPECT_TRUE(matches(R"("$id")", R"("f00000000000000000000010")"));
    EXPECT_FALSE(matches(R"("$id")", R"("f0")"));
    EXPECT_TRUE(matches(R"("$time")", R"("2026-11-22T13:11:00.123Z")"));
    EXPECT_FALSE(matches(R"("$time")", R"("2026-11-22T13:11:00Z")"));
    EXPECT_FALSE(matches(R"("$nobody")", R"("$nobody")"));
}

TEST(Matcher, SaysWhereItDiffers) {
    const auto different = difference(
        base::parse_json(R"({"args":{"docs":[{"n":1}]}})"), base::parse_json(R"({"args":{"docs":[{"n":2}]}})")
    );
    ASSERT_TRUE(different);
    EXPECT_EQ(*different, "args.docs.0.n should be 1, is 2");
}

TEST(Matcher, PutsInWhatWasKept) {
    const Kept kept = {{"id", "abc"}, {"n", 7}};
    const Value value =
        base::parse_json(R"({"${id}":"$id","n":["$n"],"text":"<${id}:${n}>","oper":"$gt","x":"${no}"})");
    EXPECT_EQ(base::to_json(filled(value, kept)), R"({"abc":"abc","n":[7],"text":"<abc:7>","oper":"$gt","x":"${no}"})");
}

}  // namespace
}  // namespace limp::calls
