#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "query/test_module.hpp"

namespace limp::query {
namespace {

using Operator = Condition::Operator;

const Condition& only_condition(const Query& query) {
    EXPECT_EQ(query.filter.kind, Filter::Kind::condition);
    return query.filter.condition;
}

TEST(ObjectForm, NothingAskedIsEverything) {
    EXPECT_TRUE(Asker().parse_json("{}").filter.is_everything());
}

TEST(ObjectForm, EachOperatorIsKnown) {
    const std::pair<const char*, Operator> operators[] = {
        {"$eq", Operator::equal},       {"$ne", Operator::not_equal},      {"$not", Operator::not_equal},
        {"$gt", Operator::greater},     {"$gte", Operator::greater_equal}, {"$lt", Operator::less},
        {"$lte", Operator::less_equal},
    };
    for (const auto& [name, oper] : operators)
        for (const std::string key : {"oper", "$oper"}) {
            const Query query = Asker().parse(Object{{"views", Object{{"val", 5}, {key, name}}}});
            EXPECT_EQ(only_condition(query).oper, oper) << name;
            EXPECT_EQ(only_condition(query).operands, List{5}) << name;
        }
}

TEST(ObjectForm, BetweenTakesTwoValues) {
    for (const std::string mark : {"", "__OR:"}) {
        const std::string query = "{\"" + mark + R"(views": {"val": 2, "val2": 4, "oper": "$bet"}})";
        EXPECT_TRUE(Asker().finds(query, R"({"views":2})"));
        EXPECT_TRUE(Asker().finds(query, R"({"views":4})"));
        EXPECT_FALSE(Asker().finds(query, R"({"views":5})"));
        EXPECT_FALSE(Asker().finds(query, "{}"));
    }
    EXPECT_NE(Asker().refusal_of(R"({"views":{"val":2,"oper":"$bet"}})").find("val2"), std::string::npos);
    EXPECT_NE(Asker().refusal_of(R"({"views":{"val":2,"val2":3}})").find("val2"), std::string::npos);
}

TEST(ObjectForm, OperandsAreConvertedByTheAttrsType) {
    EXPECT_EQ(only_condition(Asker().parse_json(R"({"at":{"val":0}})")).operands, List{"1970-01-01T00:00:00.000Z"});
    EXPECT_EQ(only_condition(Asker().parse_json(R"({"score":{"val":1}})")).operands, List{1.0});
    EXPECT_EQ(
        only_condition(Asker().parse_json(R"({"_id":{"val":"F00000000000000000000001"}})")).operands, List{first_id}
    );
    EXPECT_EQ(
        only_condition(Asker().parse_json(R"({"_rev":{"val":9007199254740993}})")).operands, List{9007199254740993}
    );
}

TEST(ObjectForm, OrFiltersAreOneGroupBesideTheRest) {
    const std::string query = R"({"__OR:views":{"val":1},"live":{"val":true},"__OR:name":{"val":"x"}})";
    EXPECT_TRUE(Asker().finds(query, R"({"views":1,"live":true})"));
    EXPECT_TRUE(Asker().finds(query, R"({"name":"x","live":true})"));
    EXPECT_FALSE(Asker().finds(query, R"({"name":"y","live":true})"));
    EXPECT_FALSE(Asker().finds(query, R"({"views":1,"name":"x","live":false})"));
    EXPECT_TRUE(Asker().finds(R"({"__OR:title.en_AE":{"val":"x"},"__OR:views":{"val":1}})", R"({"views":1})"));
}

TEST(ObjectForm, AFilterWithoutAValueIsNeverDropped) {
    for (const char* query :
         {R"({"views":{}})", R"({"views":{"oper":"$gt"}})", R"({"_id":{}})", R"({"views":5})", R"({"views":null})",
          R"({"views":[5]})", R"({"views":"5"})", R"({"views":{"$gt":1}})"})
        EXPECT_NE(Asker().refusal_of(query), "") << query;
    EXPECT_NE(Asker().refusal_of(R"({"views":5})").find("{\"val\""), std::string::npos);
}

TEST(ObjectForm, FalsyValuesFilterToo) {
    EXPECT_FALSE(Asker().finds(R"({"views":{"val":0}})", R"({"views":1})"));
    EXPECT_FALSE(Asker().finds(R"({"live":{"val":false}})", R"({"live":true})"));
    EXPECT_FALSE(Asker().finds(R"({"name":{"val":""}})", R"({"name":"x"})"));
    EXPECT_FALSE(Asker().finds(R"({"_id":{"val":[]}})", R"({"_id":"f00000000000000000000001"})"));
}

TEST(ObjectForm, NullAsksForWhatIsMissing) {
    EXPECT_TRUE(Asker().finds(R"({"views":{"val":null}})", "{}"));
    EXPECT_TRUE(Asker().finds(R"({"views":{"val":null}})", R"({"views":null})"));
    EXPECT_FALSE(Asker().finds(R"({"views":{"val":null}})", R"({"views":0})"));
    for (const char* oper : {"$ne", "$not"}) {
        const Query query = Asker().parse(Object{{"views", Object{{"val", nullptr}, {"oper", oper}}}});
        EXPECT_EQ(only_condition(query).oper, Operator::present);
    }
    EXPECT_NE(Asker().refusal_of(R"({"views":{"val":null,"oper":"$gt"}})"), "");
    EXPECT_NE(Asker().refusal_of(R"({"views":{"val":[1,null],"oper":"$in"}})"), "");
    EXPECT_TRUE(Asker().finds(R"({"photo":{"val":null}})", "{}"));
}

TEST(ObjectForm, AListIsAnyOfIds) {
    const std::string query = R"({"cats":{"val":["f00000000000000000000001","F00000000000000000000002"]}})";
    EXPECT_TRUE(Asker().finds(query, R"({"cats":["f00000000000000000000002"]})"));
    EXPECT_FALSE(Asker().finds(query, R"({"cats":[]})"));
    EXPECT_FALSE(Asker().finds(R"({"cats":{"val":[]}})", R"({"cats":[]})"));
    const std::string negated = R"({"user":{"val":["f00000000000000000000001"],"oper":"$ne"}})";
    EXPECT_FALSE(Asker().finds(negated, R"({"user":"f00000000000000000000001"})"));
    EXPECT_TRUE(Asker().finds(negated, "{}"));
}

TEST(ObjectForm, AListIsExactlyThatListElsewhere) {
    EXPECT_TRUE(Asker().finds(R"({"tags":{"val":["a","b"]}})", R"({"tags":["a","b"]})"));
    EXPECT_FALSE(Asker().finds(R"({"tags":{"val":["a","b"]}})", R"({"tags":["b","a"]})"));
    EXPECT_TRUE(Asker().finds(R"({"tags":{"val":[]}})", R"({"tags":[]})"));
    EXPECT_FALSE(Asker().finds(R"({"tags":{"val":[]}})", R"({})"));
    EXPECT_TRUE(Asker().finds(R"({"tags":{"val":["x","b"],"oper":"$in"}})", R"({"tags":["a","b"]})"));
    EXPECT_TRUE(Asker().finds(R"({"tags":{"val":"b"}})", R"({"tags":["a","b"]})"));
    for (const char* query :
         {R"({"name":{"val":["a"]}})", R"({"views":{"val":[1],"oper":"$gt"}})", R"({"meta.a":{"val":[1]}})",
          R"({"names":{"val":["a"]}})", R"({"tags":{"val":[1]}})"})
        EXPECT_NE(Asker().refusal_of(query), "") << query;
}

TEST(ObjectForm, NotStrictMeansContains) {
    const std::string query = R"({"name":{"val":"LIM","strict":false}})";
    EXPECT_TRUE(Asker().finds(query, R"({"name":"a limp"})"));
    EXPECT_FALSE(Asker().finds(query, R"({"name":"lamp"})"));
    EXPECT_FALSE(Asker().finds(R"({"name":{"val":".*","strict":false}})", R"({"name":"x"})"));
    EXPECT_TRUE(Asker().finds(R"({"title":{"val":"B","strict":false}})", R"({"title":{"ar_AE":"a","en_AE":"abc"}})"));
    EXPECT_TRUE(Asker().finds(R"({"tags":{"val":"B","strict":false}})", R"({"tags":["x","abc"]})"));
    EXPECT_TRUE(Asker().finds(R"({"name":{"val":"x","strict":true}})", R"({"name":"x"})"));
    for (const char* refused :
         {R"({"_id":{"val":"f0","strict":false}})", R"({"user":{"val":"f0","strict":false}})",
          R"({"views":{"val":"1","strict":false}})", R"({"at":{"val":"2026","strict":false}})",
          R"({"name":{"val":1,"strict":false}})", R"({"name":{"val":["a"],"strict":false}})",
          R"({"name":{"val":"a","strict":false,"oper":"$gt"}})", R"({"name":{"val":"a","strict":"false"}})",
          R"({"name":{"val":"a","strict":null}})", R"({"photo":{"val":"a","strict":false}})"})
        EXPECT_NE(Asker().refusal_of(refused), "") << refused;
}

TEST(ObjectForm, ATextOnALocaleOrAnObjectMeansAnyChild) {
    EXPECT_TRUE(Asker().finds(R"({"title":{"val":"b"}})", R"({"title":{"ar_AE":"a","en_AE":"b"}})"));
    EXPECT_FALSE(Asker().finds(R"({"title":{"val":"b","oper":"$ne"}})", R"({"title":{"ar_AE":"a","en_AE":"b"}})"));
    EXPECT_TRUE(Asker().finds(R"({"title.en_AE":{"val":"b"}})", R"({"title":{"ar_AE":"a","en_AE":"b"}})"));
    EXPECT_FALSE(Asker().finds(R"({"title.en_AE":{"val":"a"}})", R"({"title":{"ar_AE":"a","en_AE":"b"}})"));
    EXPECT_TRUE(Asker().finds(R"({"author":{"val":"x"}})", R"({"author":{"name":"x"}})"));
    EXPECT_TRUE(Asker().finds(R"({"names":{"val":"b"}})", R"({"names":[{"ar_AE":"a"},{"ar_AE":"b"}]})"));
}

TEST(ObjectForm, UnknownPartsAreRefusedWithTheNearest) {
    EXPECT_NE(Asker().refusal_of(R"({"nmae":{"val":1}})").find("\"name\""), std::string::npos);
    EXPECT_NE(Asker().refusal_of(R"({"views":{"val":1,"opr":"$gt"}})").find("\"oper\""), std::string::npos);
    EXPECT_NE(Asker().refusal_of(R"({"views":{"val":1,"oper":"$gtt"}})").find("\"$gt"), std::string::npos);
    for (const char* query :
         {R"({"views":{"val":1,"oper":"gt"}})", R"({"views":{"val":1,"oper":5}})", R"({"views":{"val":1,"oper":""}})",
          R"({"views":{"val":1,"oper":"$regex"}})", R"({"views":{"val":1,"oper":"$gt","$oper":"$gt"}})",
          R"({"__OR:":{"val":1}})", R"({"__or:views":{"val":1}})", R"({"":{"val":1}})",
          R"({"__deleted":{"val":true}})"})
        EXPECT_NE(Asker().refusal_of(query), "") << query;
}

TEST(ObjectForm, ValuesOfAnotherTypeAreRefused) {
    for (const char* query :
         {R"({"views":{"val":"1"}})", R"({"views":{"val":1.5}})", R"({"views":{"val":true}})", R"({"name":{"val":1}})",
          R"({"_id":{"val":"x"}})", R"({"_id":{"val":""}})", R"({"_id":{"val":[""]}})", R"({"live":{"val":1}})",
          R"({"live":{"val":true,"oper":"$gt"}})", R"({"at":{"val":1795353060123}})", R"({"state":{"val":"gone"}})",
          R"({"name":{"val":{"$ne":1}}})", R"({"user":{"val":{"$ne":1}}})", R"({"free":{"val":{"$ne":1}}})",
          R"({"meta.a":{"val":{"b":1}}})", R"({"title":{"val":5}})", R"({"free":{"val":true,"oper":"$lt"}})",
          R"({"views":{"val":1,"oper":"$in"}})"})
        EXPECT_NE(Asker().refusal_of(query), "") << query;
}

TEST(ObjectForm, WhatDoesNotCompareIsRefused) {
    for (const char* attr : {"photo", "blob", "spot", "access", "meta", "rights"})
        EXPECT_NE(Asker().refusal(Object{{attr, Object{{"val", "x"}}}}), "") << attr;
    for (const char* path : {"photo.name", "spot.coordinates", "access.anon", "_id.x", "name.x", "views.x"})
        EXPECT_NE(Asker().refusal(Object{{path, Object{{"val", "x"}}}}), "") << path;
}

TEST(ObjectForm, PathsGoIntoObjectsListsAndAttrs) {
    EXPECT_TRUE(
        Asker().finds(R"({"author.born":{"val":0,"oper":"$gte"}})", R"({"author":{"born":"1970-01-01T00:00:00.000Z"}})")
    );
    EXPECT_TRUE(Asker().finds(R"({"items.price":{"val":5}})", R"({"items":[{"price":1.0},{"price":5.0}]})"));
    EXPECT_TRUE(Asker().finds(
        R"({"items.cat":{"val":["f00000000000000000000001"]}})", R"({"items":[{"cat":"f00000000000000000000001"}]})"
    ));
    EXPECT_TRUE(Asker().finds(R"({"meta.a.b":{"val":false}})", R"({"meta":{"a":{"b":false}}})"));
    EXPECT_TRUE(Asker().finds(R"({"rights.blog":{"val":"read"}})", R"({"rights":{"blog":["read"]}})"));
    EXPECT_NE(Asker().refusal_of(R"({"author.nme":{"val":"x"}})").find("\"name\""), std::string::npos);
    EXPECT_NE(Asker().refusal_of(R"({"title.en_AF":{"val":"x"}})").find("\"en_AE\""), std::string::npos);
}

TEST(ObjectForm, PathsDoNotGoThroughReferences) {
    EXPECT_NE(Asker().refusal_of(R"({"user.name":{"val":"x"}})").find("may not read"), std::string::npos);
    EXPECT_NE(Asker().refusal_of(R"({"cats.title":{"val":"x"}})").find("may not read"), std::string::npos);
}

TEST(ObjectForm, HiddenAttrsAreAsUnknownOnes) {
    Asker asker;
    asker.hidden = {"secret", "author", "user"};
    Asker without;
    std::erase_if(without.module.attrs, [&](const Attr& attr) {
        return std::ranges::count(asker.hidden, attr.name) > 0;
    });
    for (const char* query :
         {R"({"secret":{"val":"x"}})", R"({"secre":{"val":"x"}})", R"({"author.name":{"val":"x"}})",
          R"({"user.name":{"val":"x"}})", R"({"__OR:secret":{"val":"x"}})", R"({"$sort":{"secret":1}})"}) {
        EXPECT_NE(asker.refusal_of(query), "");
        EXPECT_EQ(asker.refusal_of(query), without.refusal_of(query));
    }
    EXPECT_NE(asker.refusal_of(R"([{"secret":"x"}])"), "");
}

}  // namespace
}  // namespace limp::query
