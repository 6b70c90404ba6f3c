#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "query/compare.hpp"
#include "query/test_module.hpp"

namespace limp::query {
namespace {

using Operator = Condition::Operator;

Condition on(AttrPath path, Operator oper, std::vector<Value> operands) {
    return {std::move(path), oper, std::move(operands), false};
}
bool matches(const Filter& filter, const Document& document) {
    return Matcher(filter).matches(document);
}
bool comes_before(std::span<const SortKey> order, const Document& left, const Document& right) {
    return query::comes_before(order, place_of(order, left), place_of(order, right));
}
bool holds(const Condition& condition, std::string_view document) {
    return matches(Filter::of(condition), base::parse_json(document).object());
}

TEST(Compare, WholeNumbersAndRealsExactly) {
    constexpr std::int64_t past_double = (std::int64_t{1} << 53) + 1;
    const double near = 9007199254740992.0;
    EXPECT_TRUE(compare(past_double, near) > 0);
    EXPECT_TRUE(compare(near, past_double) < 0);
    EXPECT_FALSE(is_same(past_double, near));
    EXPECT_TRUE(is_same(past_double - 1, near));
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    EXPECT_TRUE(compare(most, 9223372036854775808.0) < 0);
    EXPECT_TRUE(compare(least, -9223372036854775808.0) == 0);
    EXPECT_TRUE(compare(least, -9223372036854777856.0) > 0);
    EXPECT_TRUE(compare(most, std::numeric_limits<double>::infinity()) < 0);
    EXPECT_TRUE(compare(5, 5.5) < 0);
    EXPECT_TRUE(compare(-5, -5.5) > 0);
    EXPECT_TRUE(compare(0, -0.0) == 0);
    EXPECT_TRUE(compare(5, std::numeric_limits<double>::quiet_NaN()) == std::partial_ordering::unordered);
}

TEST(Compare, KindsDoNotMix) {
    const Value values[] = {nullptr, true, 1, "1", List{1}, Object{{"a", 1}}};
    for (const Value& left : values)
        for (const Value& right : values)
            if (left.kind() != right.kind()) {
                EXPECT_TRUE(compare(left, right) == std::partial_ordering::unordered);
                EXPECT_FALSE(is_same(left, right));
            }
    EXPECT_TRUE(is_same(List{1, 2.0}, List{1.0, 2}));
    EXPECT_TRUE(compare("B", "a") < 0);
    EXPECT_TRUE(compare("z", "é") < 0);
}

TEST(Matcher, EqualMeansTheValueOrAnElement) {
    EXPECT_TRUE(holds(on({"a"}, Operator::equal, {1}), R"({"a":1})"));
    EXPECT_TRUE(holds(on({"a"}, Operator::equal, {1}), R"({"a":1.0})"));
    EXPECT_TRUE(holds(on({"a"}, Operator::equal, {1}), R"({"a":[0,1]})"));
    EXPECT_FALSE(holds(on({"a"}, Operator::equal, {1}), R"({"a":"1"})"));
    EXPECT_FALSE(holds(on({"a"}, Operator::equal, {1}), R"({"a":true})"));
    EXPECT_TRUE(holds(on({"a"}, Operator::equal, {Value(List{1, 2})}), R"({"a":[1,2]})"));
    EXPECT_FALSE(holds(on({"a"}, Operator::equal, {Value(List{1, 2})}), R"({"a":[1,2,3]})"));
}

TEST(Matcher, NotEqualIsTheOppositeOfEqual) {
    for (const char* document :
         {"{}", R"({"a":null})", R"({"a":1})", R"({"a":2})", R"({"a":[1,2]})", R"({"a":[]})", R"({"a":"1"})"})
        EXPECT_NE(
            holds(on({"a"}, Operator::equal, {1}), document), holds(on({"a"}, Operator::not_equal, {1}), document)
        );
    EXPECT_TRUE(holds(on({"a"}, Operator::not_equal, {1}), "{}"));
}

TEST(Matcher, OrderComparesValuesOfOneKind) {
    EXPECT_TRUE(holds(on({"a"}, Operator::greater, {1}), R"({"a":1.5})"));
    EXPECT_FALSE(holds(on({"a"}, Operator::greater, {1}), R"({"a":1})"));
    EXPECT_TRUE(holds(on({"a"}, Operator::greater_equal, {1}), R"({"a":1})"));
    EXPECT_TRUE(holds(on({"a"}, Operator::less, {"b"}), R"({"a":"a"})"));
    EXPECT_TRUE(holds(on({"a"}, Operator::less_equal, {"b"}), R"({"a":"b"})"));
    for (const Operator oper : {Operator::greater, Operator::greater_equal, Operator::less, Operator::less_equal})
        for (const char* document :
             {"{}", R"({"a":null})", R"({"a":"x"})", R"({"a":true})", R"({"a":{}})", R"({"a":[]})"})
            EXPECT_FALSE(holds(on({"a"}, oper, {1}), document)) << document;
}

TEST(Matcher, BetweenIsOneElementInBothBounds) {
    const Condition condition = on({"a"}, Operator::between, {2, 4});
    EXPECT_TRUE(holds(condition, R"({"a":2})"));
    EXPECT_TRUE(holds(condition, R"({"a":4.0})"));
    EXPECT_FALSE(holds(condition, R"({"a":[1,5]})"));
    EXPECT_TRUE(holds(condition, R"({"a":[1,3]})"));
    EXPECT_FALSE(holds(on({"a"}, Operator::between, {2, "4"}), R"({"a":3})"));
}

TEST(Matcher, InIsAnyOperandAndNoneOfNone) {
    EXPECT_TRUE(holds(on({"a"}, Operator::in, {1, "x"}), R"({"a":["y","x"]})"));
    EXPECT_FALSE(holds(on({"a"}, Operator::in, {}), R"({"a":1})"));
    EXPECT_FALSE(holds(on({"a"}, Operator::in, {}), "{}"));
}

TEST(Matcher, ContainsFoldsCaseOfAllScripts) {
    EXPECT_TRUE(holds(on({"a"}, Operator::contains, {"ÉT"}), R"({"a":"un été"})"));
    EXPECT_TRUE(holds(on({"a"}, Operator::contains, {"привет"}), R"({"a":"ПРИВЕТ!"})"));
    EXPECT_TRUE(holds(on({"a"}, Operator::contains, {"b"}), R"({"a":["A","B"]})"));
    EXPECT_FALSE(holds(on({"a"}, Operator::contains, {"1"}), R"({"a":1})"));
    EXPECT_FALSE(holds(on({"a"}, Operator::contains, {""}), R"({"a":null})"));
}

TEST(Matcher, MissingIsAbsentOrNull) {
    for (const auto& [document, is_missing] : std::vector<std::pair<const char*, bool>>{
             {"{}", true},
             {R"({"a":null})", true},
             {R"({"a":{}})", true},
             {R"({"a":{"b":null}})", true},
             {R"({"a":[]})", true},
             {R"({"a":[{"b":1}]})", false},
             {R"({"a":{"b":0}})", false},
             {R"({"a":{"b":""}})", false},
             {R"({"a":{"b":[]}})", false},
             {R"({"a":5})", true}
         }) {
        EXPECT_EQ(holds(on({"a", "b"}, Operator::missing, {}), document), is_missing) << document;
        EXPECT_EQ(holds(on({"a", "b"}, Operator::present, {}), document), !is_missing) << document;
    }
}

TEST(Matcher, AnyChildLooksIntoObjects) {
    Condition condition = on({"a"}, Operator::equal, {"x"});
    condition.any_child = true;
    EXPECT_TRUE(holds(condition, R"({"a":{"b":"y","c":"x"}})"));
    EXPECT_TRUE(holds(condition, R"({"a":[{"b":"x"}]})"));
    EXPECT_FALSE(holds(condition, R"({"a":"x"})"));
    EXPECT_FALSE(holds(condition, R"({"a":{"b":{"c":"x"}}})"));
    condition.oper = Operator::not_equal;
    EXPECT_FALSE(holds(condition, R"({"a":{"b":"y","c":"x"}})"));
    EXPECT_TRUE(holds(condition, R"({"a":{"b":"y"}})"));
    EXPECT_TRUE(holds(condition, "{}"));
}

TEST(Matcher, GroupsAreAndOrAndNone) {
    const Document document = {{"a", 1}};
    const Filter yes = Filter::equal("a", 1);
    const Filter no = Filter::equal("a", 2);
    EXPECT_TRUE(matches(Filter::everything(), document));
    EXPECT_FALSE(matches(Filter::nothing(), document));
    EXPECT_FALSE(matches(Filter::all_of({yes, no}), document));
    EXPECT_TRUE(matches(Filter::any_of({yes, no}), document));
    Filter none;
    none.kind = Filter::Kind::none;
    EXPECT_TRUE(matches(none, document));
    none.children = {no};
    EXPECT_TRUE(matches(none, document));
    none.children = {no, yes};
    EXPECT_FALSE(matches(none, document));
}

TEST(Order, IsNewestFirstWhenNotTold) {
    const Document older = {{"_id", first_id}};
    const Document newer = {{"_id", second_id}};
    EXPECT_TRUE(comes_before({}, newer, older));
    EXPECT_FALSE(comes_before({}, older, newer));
    EXPECT_FALSE(comes_before({}, older, older));
}

TEST(Order, KindsFollowOneAnother) {
    const std::vector<Value> ascending = {nullptr, false, true, -1, 0.5, 1, "", "B", "a", Object{{"x", 1}}, List{1}};
    const SortKey up[] = {{{"a"}, false}};
    const SortKey down[] = {{{"a"}, true}};
    for (std::size_t i = 0; i < ascending.size(); ++i)
        for (std::size_t j = i + 1; j < ascending.size(); ++j) {
            const Document left = {{"_id", first_id}, {"a", ascending[i]}};
            const Document right = {{"_id", second_id}, {"a", ascending[j]}};
            EXPECT_TRUE(comes_before(up, left, right)) << i << " " << j;
            EXPECT_FALSE(comes_before(up, right, left)) << i << " " << j;
            EXPECT_TRUE(comes_before(down, right, left)) << i << " " << j;
        }
}

TEST(Order, EqualsAreToldApartByTheNextKeyAndThenById) {
    const SortKey keys[] = {{{"a"}, false}, {{"b", "c"}, true}};
    const Document one = {{"_id", first_id}, {"a", 1}, {"b", Object{{"c", 1}}}};
    const Document two = {{"_id", second_id}, {"a", 1.0}, {"b", Object{{"c", 2}}}};
    const Document three = {{"_id", "f00000000000000000000003"}, {"a", 1}, {"b", Object{{"c", 2}}}};
    EXPECT_TRUE(comes_before(keys, two, one));
    EXPECT_TRUE(comes_before(keys, three, two));
    const Document missing = {{"_id", first_id}};
    const Document null = {{"_id", second_id}, {"a", nullptr}};
    EXPECT_TRUE(comes_before(keys, null, missing));
    EXPECT_TRUE(comes_before(keys, missing, one));
}

}  // namespace
}  // namespace limp::query
