// Queries that nobody means well with.
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>

#include "query/test_module.hpp"

namespace limp::query {
namespace {

using namespace std::string_literals;

// Braces would copy what is inside at each level.
List alone(Value value) {
    List list;
    list.push_back(std::move(value));
    return list;
}

Value nested(std::size_t depth) {
    Value step = Object{{"views", 1}};
    for (std::size_t level = 0; level <= depth; ++level) step = alone(std::move(step));
    return step;
}

TEST(Hostile, TenThousandNodes) {
    List steps;
    for (int i = 0; i < 10'000; ++i) steps.push_back(Object{{"views", i}});
    EXPECT_NE(Asker().refusal(steps), "");
    EXPECT_NE(Asker().refusal(List{steps}), "");
    Object query;
    for (int i = 0; i < 2'000; ++i) query.append("meta.a" + std::to_string(i), Object{{"val", i}});
    EXPECT_NE(Asker().refusal(query), "");
    Object sort;
    for (int i = 0; i < 2'000; ++i) sort.append("meta.a" + std::to_string(i), 1);
    EXPECT_NE(Asker().refusal(Object{{"$sort", std::move(sort)}}), "");
}

TEST(Hostile, NodesUpToTheLimitPass) {
    Asker asker;
    asker.limits.nodes = 4;  // two steps of one condition each
    EXPECT_EQ(asker.refusal_of(R"([{"views":1},{"views":2}])"), "");
    EXPECT_NE(asker.refusal_of(R"([{"views":1},{"views":2,"name":"x"}])"), "");
}

TEST(Hostile, Depth) {
    EXPECT_EQ(Asker().refusal(nested(15)), "");
    EXPECT_NE(Asker().refusal(nested(16)), "");
    EXPECT_NE(Asker().refusal(nested(1'000)), "");
    Value step = Object{{"views", 1}};
    for (int level = 0; level < 100; ++level) step = Object{{"__or", alone(std::move(step))}};
    EXPECT_NE(Asker().refusal(List{std::move(step)}), "");
}

TEST(Hostile, ManyValues) {
    Asker asker;
    asker.limits.in_values = 2;
    EXPECT_EQ(asker.refusal_of(R"([{"views":{"$in":[1,2]}}])"), "");
    EXPECT_NE(asker.refusal_of(R"([{"views":{"$in":[1,2,3]}}])"), "");
    EXPECT_NE(asker.refusal_of(R"([{"tags":["a","b","c"]}])"), "");
    EXPECT_NE(asker.refusal(List{Object{{"_id", List(3, first_id)}}}), "");
}

TEST(Hostile, LongPaths) {
    EXPECT_EQ(Asker().refusal_of(R"([{"meta.1.2.3.4.5.6.7":1}])"), "");
    EXPECT_NE(Asker().refusal_of(R"([{"meta.1.2.3.4.5.6.7.8":1}])"), "");
    EXPECT_NE(Asker().refusal(List{Object{{"meta" + std::string(65'536, '.'), 1}}}), "");
}

TEST(Hostile, Keys) {
    const std::string keys[] = {
        "",
        ".",
        "..",
        "views.",
        ".views",
        "name\0"s,
        "\0"s,
        "na\"me",
        "name' OR 1=1 --",
        "$where",
        "__proto__",
        "constructor",
        "__OR:",
        "__or",
        "meta.",
        "meta..a",
        "meta.$where",
        "meta.__proto__",
        "meta.a\"b",
        "meta.a\\b",
        "meta.a\0b"s,
        "meta.\xFF",
        "title.__proto__",
        "title.$ne",
        "access.anon",
        "access.users",
        std::string(65'536, 'k'),
        "\xFF\xFE",
    };
    for (const std::string& key : keys) {
        const std::string in_object = Asker().refusal(Object{{key, Object{{"val", "x"}}}});
        const std::string in_list = Asker().refusal(List{Object{{key, "x"}}});
        EXPECT_NE(in_object, "") << key.substr(0, 80);
        EXPECT_NE(in_list, "") << key.substr(0, 80);
        EXPECT_LT(in_object.size(), 500U);
        EXPECT_LT(in_list.size(), 500U);
    }
}

TEST(Hostile, ALongKeyBelowAttrsIsAKeyLikeAnyOther) {
    const Query query = Asker().parse(List{Object{{"meta." + std::string(65'536, 'k'), 1}}});
    EXPECT_EQ(query.filter.condition.path.at(1).size(), 65'536U);
}

TEST(Hostile, LongValuesAreNotRepeatedInFull) {
    EXPECT_LT(Asker().refusal(Object{{"views", Object{{"val", std::string(65'536, 'v')}}}}).size(), 500U);
    EXPECT_LT(Asker().refusal(Object{{"views", Object{{"val", 1}, {"oper", std::string(65'536, '$')}}}}).size(), 500U);
    EXPECT_LT(Asker().refusal(Object{{"$" + std::string(65'536, 's'), 1}}).size(), 500U);
}

TEST(Hostile, VariablesOfManifestsAreTextWhenAClientSendsThem) {
    EXPECT_EQ(Asker().parse_json(R"({"name":{"val":"$__user"}})").filter.condition.operands, List{"$__user"});
    EXPECT_NE(Asker().refusal_of(R"({"user":{"val":"$__user"}})"), "");
    EXPECT_NE(Asker().refusal_of(R"({"access":{"val":"$__access"}})"), "");
}

}  // namespace
}  // namespace limp::query
