#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "query/test_module.hpp"

namespace limp::query {
namespace {

using Operator = Condition::Operator;

constexpr std::int64_t now_ms = 1'795'353'060'123;  // 2026-11-22T13:11:00.123Z

class VariablesTest : public testing::Test {
protected:
    VariablesTest() { asker.variables = true; }

    Filter resolved(std::string_view json) const { return resolve(asker.parse_json(json).filter, {user, now_ms}); }
    bool finds(std::string_view query, std::string_view document) const {
        const Filter filter = resolved(query);
        return Matcher(filter).matches(base::parse_json(document).object());
    }

    Asker asker;
    Document user = {{"_id", first_id}, {"groups", List{second_id}}, {"name", "x"},
                     {"none", List{}},  {"null", nullptr},           {"home", Object{{"city", "Dubai"}}}};
};

TEST_F(VariablesTest, StayInTheTreeUntilResolved) {
    EXPECT_EQ(asker.parse_json(R"({"user":"$__user"})").filter.condition.operands, List{"$__user"});
    EXPECT_EQ(resolved(R"({"user":"$__user"})").condition.operands, List{first_id});
    EXPECT_EQ(resolved(R"({"user":{"val":"$__user"}})").condition.operands, List{first_id});
    EXPECT_EQ(resolved(R"([{"user":"$__user"}])").condition.operands, List{first_id});
    EXPECT_EQ(
        resolved(R"({"at":{"val":"$__time","oper":"$lt"}})").condition.operands, List{"2026-11-22T13:11:00.123Z"}
    );
    EXPECT_EQ(resolved(R"({"name":"$__user.home.city"})").condition.operands, List{"Dubai"});
}

TEST_F(VariablesTest, ModifiersMayBeBareScalars) {
    EXPECT_EQ(resolved(R"({"live":true})").condition.operands, List{true});
    EXPECT_EQ(resolved(R"({"views":5})").condition.operands, List{5});
    EXPECT_EQ(asker.parse_json(R"({"$limit":1})").limit, 1);
    EXPECT_NE(asker.refusal_of(R"({"views":null})"), "");
    EXPECT_NE(asker.refusal_of(R"({"cats":["f00000000000000000000001"]})"), "");
    EXPECT_TRUE(finds(R"({"__OR:user":"$__user","__OR:live":true})", R"({"live":true})"));
}

TEST_F(VariablesTest, AListSpreadsAmongIds) {
    EXPECT_EQ(resolved(R"({"cats":"$__user.groups"})").condition.operands, List{second_id});
    EXPECT_EQ(resolved(R"({"cats":"$__user.groups"})").condition.oper, Operator::in);
    EXPECT_EQ(resolved(R"({"cats":{"val":"$__user.groups","oper":"$in"}})").condition.operands, List{second_id});
    EXPECT_EQ(
        resolved(R"({"cats":{"val":["$__user","$__user.groups"]}})").condition.operands, (List{first_id, second_id})
    );
    EXPECT_FALSE(finds(R"({"cats":"$__user.none"})", R"({"cats":[]})"));
    EXPECT_FALSE(finds(R"({"cats":{"val":"$__user.groups","oper":"$ne"}})", R"({"cats":["f00000000000000000000002"]})")
    );
    EXPECT_TRUE(finds(R"({"cats":{"val":"$__user.groups","oper":"$ne"}})", R"({"cats":[]})"));
}

TEST_F(VariablesTest, WhatTheUserLacksHoldsForNothing) {
    for (const char* query :
         {R"({"name":"$__user.absent"})", R"({"name":"$__user.null"})", R"({"name":"$__user.home"})",
          R"({"name":"$__user.name.x"})", R"({"name":{"val":"$__user.absent","oper":"$ne"}})",
          R"({"user":{"val":["$__user.absent"],"oper":"$ne"}})", R"({"user":{"val":"$__user.absent","oper":"$ne"}})",
          R"({"live":true,"name":"$__user.absent"})", R"([[{"name":"$__user.absent"}]])",
          R"({"name":{"val":"$__user.groups","strict":false}})", R"({"name":{"val":"$__user.groups","oper":"$gt"}})"}) {
        EXPECT_FALSE(finds(query, R"({"live":true})")) << query;
        EXPECT_FALSE(finds(query, R"({"name":"x","live":true,"user":"f00000000000000000000009"})")) << query;
    }
    EXPECT_TRUE(finds(R"([[{"name":"$__user.absent"},{"live":true}]])", R"({"live":true})"));
}

TEST_F(VariablesTest, UnknownOnesAreRefused) {
    for (const char* name : {"$__usr", "$__user.", "$__", "$__time.x", "$__now", "$__access"}) {
        EXPECT_NE(asker.refusal(Object{{"name", name}}), "") << name;
        EXPECT_NE(asker.refusal(Object{{"tags", Object{{"val", List{name}}}}}), "") << name;
        EXPECT_NE(asker.refusal(Object{{"name", Object{{"val", name}, {"strict", false}}}}), "") << name;
    }
    EXPECT_NE(asker.refusal_of(R"({"access":{"val":"$__access","oper":"$ne"}})"), "");
}

TEST_F(VariablesTest, AccessIsForTheOwnerForAllAndForThoseNamed) {
    const std::string query = R"({"access":"$__access"})";
    EXPECT_TRUE(finds(query, R"({"user":"f00000000000000000000001"})"));
    EXPECT_TRUE(finds(query, R"({"access":{"anon":true,"users":[],"groups":[]}})"));
    EXPECT_TRUE(finds(query, R"({"access":{"anon":false,"users":["f00000000000000000000001"],"groups":[]}})"));
    EXPECT_TRUE(finds(query, R"({"access":{"anon":false,"users":[],"groups":["f00000000000000000000002"]}})"));
    EXPECT_FALSE(finds(query, R"({"access":{"anon":false,"users":["f00000000000000000000002"],"groups":[]}})"));
    EXPECT_FALSE(finds(query, R"({"user":"f00000000000000000000002"})"));
    EXPECT_FALSE(finds(query, "{}"));
    user.erase("groups");
    EXPECT_FALSE(finds(query, R"({"access":{"anon":false,"users":[],"groups":[]}})"));
    EXPECT_TRUE(finds(query, R"({"access":{"anon":true,"users":[],"groups":[]}})"));
    std::erase_if(asker.module.attrs, [](const Attr& attr) { return attr.name == "user"; });
    EXPECT_FALSE(finds(query, R"({"user":"f00000000000000000000001"})"));
}

TEST_F(VariablesTest, DocModifiersAreResolvedAtAnyDepth) {
    const Variables variables = {user, now_ms};
    EXPECT_EQ(resolve(Value("$__user"), variables), Value(first_id));
    EXPECT_EQ(resolve(Value("$__time"), variables), Value("2026-11-22T13:11:00.123Z"));
    EXPECT_EQ(resolve(Value("$__user.groups"), variables), Value(List{second_id}));
    EXPECT_EQ(resolve(Value("$__user.absent"), variables), Value());
    EXPECT_EQ(resolve(Value("$__user is text"), variables), Value("$__user is text"));
    EXPECT_EQ(
        resolve(Value(Object{{"users", List{"$__user", 1}}}), variables), Value(Object{{"users", List{first_id, 1}}})
    );
}

}  // namespace
}  // namespace limp::query
