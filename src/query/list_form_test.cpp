#include <gtest/gtest.h>

#include <string>

#include "query/test_module.hpp"

namespace limp::query {
namespace {

TEST(ListForm, NothingAskedIsEverything) {
    EXPECT_TRUE(Asker().parse_json("[]").filter.is_everything());
    EXPECT_TRUE(Asker().parse_json("[{}]").filter.is_everything());
}

TEST(ListForm, StepsMustAllHold) {
    const std::string query = R"([{"views":1,"live":true},{"name":"x"}])";
    EXPECT_TRUE(Asker().finds(query, R"({"views":1,"live":true,"name":"x"})"));
    EXPECT_FALSE(Asker().finds(query, R"({"views":1,"live":true})"));
    EXPECT_FALSE(Asker().finds(query, R"({"views":1,"name":"x"})"));
}

TEST(ListForm, AListInsideIsAlternatives) {
    const std::string query = R"([{"live":true},[{"views":1,"name":"x"},{"views":2},[{"views":3}]]])";
    EXPECT_TRUE(Asker().finds(query, R"({"live":true,"views":1,"name":"x"})"));
    EXPECT_FALSE(Asker().finds(query, R"({"live":true,"views":1})"));
    EXPECT_TRUE(Asker().finds(query, R"({"live":true,"views":2})"));
    EXPECT_TRUE(Asker().finds(query, R"({"live":true,"views":3})"));
    EXPECT_FALSE(Asker().finds(query, R"({"views":2})"));
}

TEST(ListForm, OrInsideAnObjectIsAlternatives) {
    const std::string query =
        R"([{"live":true,"__or_views":[{"views":1},{"views":2}],"__or":[{"name":"x"},{"name":"y"}]}])";
    EXPECT_TRUE(Asker().finds(query, R"({"live":true,"views":2,"name":"x"})"));
    EXPECT_FALSE(Asker().finds(query, R"({"live":true,"views":2,"name":"z"})"));
    EXPECT_NE(Asker().refusal_of(R"([{"__or":{"views":1}}])"), "");
}

TEST(ListForm, ValuesHaveOperators) {
    EXPECT_TRUE(Asker().finds(R"([{"views":{"$gte":2}},{"views":{"$lt":4}}])", R"({"views":3})"));
    EXPECT_FALSE(Asker().finds(R"([{"views":{"$not":3}}])", R"({"views":3})"));
    EXPECT_TRUE(Asker().finds(R"([{"views":{"$bet":[1,3]}}])", R"({"views":3})"));
    EXPECT_TRUE(Asker().finds(R"([{"views":{"$in":[1,3]}}])", R"({"views":3})"));
    EXPECT_FALSE(Asker().finds(R"([{"views":{"$in":[]}}])", R"({"views":3})"));
    EXPECT_TRUE(Asker().finds(R"([{"views":null}])", "{}"));
    EXPECT_TRUE(Asker().finds(R"([{"views":{"$ne":null}}])", R"({"views":3})"));
    EXPECT_TRUE(Asker().finds(R"([{"title.en_AE":"b"}])", R"({"title":{"en_AE":"b"}})"));
}

TEST(ListForm, ABareListIsAnyOfIdsOrExactlyThatList) {
    EXPECT_TRUE(Asker().finds(R"([{"_id":["f00000000000000000000001"]}])", R"({"_id":"f00000000000000000000001"})"));
    EXPECT_FALSE(Asker().finds(R"([{"_id":[]}])", R"({"_id":"f00000000000000000000001"})"));
    EXPECT_TRUE(Asker().finds(R"([{"tags":["a"]}])", R"({"tags":["a"]})"));
    EXPECT_NE(Asker().refusal_of(R"([{"views":[1]}])"), "");
}

TEST(ListForm, SpecialsMayStandAnywhere) {
    const Query query = Asker().parse_json(R"([{"$limit":5},[{"views":1,"$skip":2},{"views":2}],{"$limit":5}])");
    EXPECT_EQ(query.limit, 5);
    EXPECT_EQ(query.skip, 2);
    EXPECT_EQ(query.filter.kind, Filter::Kind::any);
    EXPECT_NE(Asker().refusal_of(R"([{"$limit":5},{"$limit":6}])").find("twice"), std::string::npos);
}

TEST(ListForm, WhatWouldMatchEverythingIsRefused) {
    for (const char* query :
         {"[[]]", "[[{}]]", R"([[{"views":1},{}]])", R"([[{"views":1},{"$limit":1}]])", R"([{"__or":[]}])",
          R"([{"__or":[{}]}])", "[[[]]]", R"([[{"views":1},[]]])"})
        EXPECT_NE(Asker().refusal_of(query), "") << query;
}

TEST(ListForm, OtherShapesAreRefused) {
    for (const char* query :
         {"[5]", "[null]", "[\"views\"]", R"([{"views":{"val":1}}])", R"([{"views":{"$gt":1,"$lt":5}}])",
          R"([{"views":{"$gt":1,"x":5}}])", R"([{"views":{}}])", R"([{"views":{"$bet":[1]}}])",
          R"([{"views":{"$bet":1}}])", R"([{"views":{"$bet":[1,2,3]}}])", R"([{"views":{"$bet":[1,null]}}])",
          R"([{"views":{"$where":"1"}}])", R"([{"name":{"$regex":"("}}])", R"([{"views":{"$gt":{"$gt":1}}}])",
          R"([{"__OR:views":1}])", R"([{"nmae":1}])", R"([{"user.name":"x"}])", R"([{"photo":"x"}])",
          R"([{"$or":[]}])"})
        EXPECT_NE(Asker().refusal_of(query), "") << query;
    EXPECT_NE(Asker().refusal_of(R"([{"views":{"val":1}}])").find("bare"), std::string::npos);
}

TEST(ListForm, OnlyObjectsAndListsAreQueries) {
    for (const char* query : {"null", "5", "true", "\"x\"", "1.5"}) EXPECT_NE(Asker().refusal_of(query), "") << query;
}

}  // namespace
}  // namespace limp::query
