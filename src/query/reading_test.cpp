// What a query says besides its filter, and what that means: words, points, facets, places to go on from.
#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "query/cursor.hpp"
#include "query/test_module.hpp"

namespace limp::query {
namespace {

using Words = std::vector<std::string>;
using Counts = std::vector<std::pair<Value, std::int64_t>>;

Document document(std::string_view json) {
    return base::parse_json(json).object();
}

TEST(Words, AreFolded) {
    EXPECT_EQ(words_of("Crème brûlée, 2x!"), (Words{"creme", "brulee", "2x"}));
    EXPECT_EQ(words_of("STRASSE straße"), (Words{"strasse", "strasse"}));
    EXPECT_EQ(words_of("ﬁne ①"), (Words{"fine", "1"}));
    EXPECT_EQ(words_of("a_b-c.d"), (Words{"a", "b", "c", "d"}));
    EXPECT_EQ(words_of(" \t…"), Words{});
    EXPECT_EQ(words_of("\xff"), Words{}) << "no UTF-8";
}

TEST(Words, OfArabicLoseWhatIsOftenLeftOut) {
    EXPECT_EQ(words_of("مَدْرَسَة"), words_of("مدرسه")) << "vowel marks, ta marbuta";
    EXPECT_EQ(words_of("أحمد إلى آخر"), words_of("احمد الي اخر")) << "forms of alef, alef maqsura";
    EXPECT_EQ(words_of("جـــميل"), words_of("جميل")) << "tatweel";
    EXPECT_EQ(words_of("٢٠٢٦"), Words{"2026"});
    EXPECT_NE(words_of("كتاب"), words_of("كتب"));
}

TEST(Search, NeedsAllWordsWhereverTheyStand) {
    const Document tea =
        document(R"({"name":"Green tea","title":{"ar_AE":"شاي","en_AE":"Hot"},"tags":["strong"],"views":7})");
    const auto finds = [&](std::string_view query) { return has_words(*Asker().parse_json(query).search, tea); };
    EXPECT_TRUE(finds(R"({"$search":"TEA green"})"));
    EXPECT_TRUE(finds(R"({"$search":"tea hot شاي strong"})"));
    EXPECT_FALSE(finds(R"({"$search":"tea cold"})"));
    EXPECT_FALSE(finds(R"({"$search":"te"})")) << "whole words";
    EXPECT_TRUE(finds(R"({"$search":"hot te*"})"));
    EXPECT_FALSE(finds(R"({"$search":"ho* tea"})")) << "the last word alone may be a beginning";
    EXPECT_FALSE(finds(R"({"$search":"te *"})")) << "a star on its own is none";
    EXPECT_FALSE(finds(R"({"$search":"7"})")) << "views are not searched";
}

TEST(Search, LooksIntoNothingThatIsHidden) {
    Asker asker;
    asker.hidden = {"secret", "tags"};
    EXPECT_EQ(asker.parse_json(R"({"$search":"x"})").search->attrs, (Words{"name", "title"}));
    asker.hidden = {"secret", "tags", "name", "title"};
    EXPECT_NE(asker.refusal_of(R"({"$search":"x"})").find("nothing to search in"), std::string::npos);
}

TEST(Points, AreAsFarApartAsOnTheSphere) {
    const Near paris{"spot", 2.3522, 48.8566, {}};
    const auto from_paris = [&](const char* coordinates) {
        return distance(paris, document(R"({"spot":{"type":"Point","coordinates":)" + std::string(coordinates) + "}}"));
    };
    EXPECT_NEAR(*from_paris("[-0.1276,51.5072]"), 343'900, 1'500) << "London";
    EXPECT_NEAR(*from_paris("[2.3522,48.8566]"), 0, 1e-6);
    EXPECT_NEAR(*distance({"spot", 179.9, 0, {}}, document(R"({"spot":{"coordinates":[-179.9,0]}})")), 22'264, 10);
    EXPECT_NEAR(*distance({"spot", 0, 90, {}}, document(R"({"spot":{"coordinates":[77,90]}})")), 0, 1e-3) << "the pole";
    EXPECT_EQ(distance(paris, document("{}")), std::nullopt);
    EXPECT_EQ(distance(paris, document(R"({"spot":null})")), std::nullopt);
}

TEST(Facets, CountElementsOnceADocument) {
    EXPECT_EQ(facet_values({"tags"}, document(R"({"tags":["b","a","b",null,{}]})")), (std::vector<Value>{"b", "a"}));
    EXPECT_EQ(facet_values({"author", "name"}, document(R"({"author":{"name":"x"}})")), std::vector<Value>{"x"});
    EXPECT_TRUE(facet_values({"tags"}, document(R"({"tags":null})")).empty());
    EXPECT_TRUE(facet_values({"author", "name"}, document(R"({"author":5})")).empty());
}

TEST(Facets, FewValuesHaveABucketEach) {
    const std::vector<Bucket> buckets = buckets_of(Counts{{1, 90}, {2, 1}, {5, 9}}, 3);
    ASSERT_EQ(buckets.size(), 3u);
    EXPECT_EQ(buckets[0].min, Value(1));
    EXPECT_EQ(buckets[0].max, Value(1));
    EXPECT_EQ(buckets[0].count, 90);
    EXPECT_EQ(buckets[2].count, 9);
    EXPECT_TRUE(buckets_of(Counts{}, 3).empty());
}

TEST(Facets, ManyValuesShareBucketsOfLikeSize) {
    Counts counts;
    for (int value = 0; value < 100; ++value) counts.emplace_back(value, 1);
    const std::vector<Bucket> buckets = buckets_of(counts, 4);
    ASSERT_EQ(buckets.size(), 4u);
    for (std::size_t at = 0; at < 4; ++at) {
        EXPECT_EQ(buckets[at].count, 25);
        EXPECT_EQ(buckets[at].min, Value(static_cast<std::int64_t>(at) * 25));
        EXPECT_EQ(buckets[at].max, Value(static_cast<std::int64_t>(at) * 25 + 24));
    }
    EXPECT_EQ(buckets_of(counts, 1).front().count, 100);
}

TEST(Facets, AValueIsInOneBucketHoweverManyHaveIt) {
    const std::vector<Bucket> buckets = buckets_of(Counts{{1, 1}, {2, 97}, {3, 1}, {4, 1}}, 3);
    ASSERT_EQ(buckets.size(), 3u);
    EXPECT_EQ(buckets[0].count, 1);
    EXPECT_EQ(buckets[1].count, 97);
    EXPECT_EQ(buckets[2].count, 2);
    EXPECT_EQ(buckets_of(Counts{{1, 1}, {2, 1}, {3, 1}, {4, 100}}, 2).size(), 2u);
    EXPECT_EQ(buckets_of(Counts{{1, 100}, {2, 1}, {3, 1}, {4, 1}}, 2).back().count, 3);
}

TEST(Facets, IgnoreWhatIsAskedOfTheirOwnAttr) {
    const auto facet = [](std::string_view query) { return Asker().parse_json(query).facets.at(0).filter; };
    const Document published = document(R"({"state":"published","views":3,"name":"x"})");
    const auto counts = [&](std::string_view query) { return Matcher(facet(query)).matches(published); };
    EXPECT_TRUE(counts(R"({"state":{"val":"draft"},"$group":[{"by":"state","count":3}]})"));
    EXPECT_TRUE(counts(R"([{"$group":[{"by":"state","count":3}]},{"state":{"$nin":["published"]},"views":3}])"));
    EXPECT_TRUE(counts(R"([{"$group":[{"by":"views","count":3}]},{"views":{"$gt":5}},{"views":{"$lt":9}}])"));
    EXPECT_FALSE(counts(R"([{"$group":[{"by":"state","count":3}]},{"state":"draft","views":4}])"));
    EXPECT_FALSE(counts(R"([{"$group":[{"by":"state","count":3}]},[{"state":"draft"},{"views":4}]])"))
        << "an alternative is not about the attr alone";
}

TEST(Count, IsExactInTheObjectFormAndCappedInTheListForm) {
    Asker asker;
    asker.limits.count_to = 50;
    EXPECT_EQ(asker.parse_json("{}").count_to, Query::to_the_last);
    EXPECT_EQ(asker.parse_json("[]").count_to, 50);
    EXPECT_EQ(asker.parse_json(R"([{"$count":"exact"}])").count_to, Query::to_the_last);
    EXPECT_EQ(asker.parse_json(R"({"$count":"capped"})").count_to, 50);
    EXPECT_EQ(asker.parse_json(R"({"$count":"none"})").count_to, 0);
}

TEST(Extn, NamesWhatIsExtended) {
    EXPECT_EQ(Asker().parse_json(R"({"$extn":["user"]})").extend_only, Words{"user"});
    EXPECT_EQ(Asker().parse_json(R"({"$extn":{"user":true}})").extend_only, Words{"user"});
    EXPECT_TRUE(Asker().parse_json(R"({"$extn":true})").extend);
    EXPECT_FALSE(Asker().parse_json(R"({"$extn":[]})").extend);
}

TEST(Attrs, AreThoseThatTheCallerMayKnowOf) {
    Asker asker;
    asker.hidden = {"secret"};
    EXPECT_EQ(asker.parse_json(R"({"$attrs":["name","_rev"]})").attrs, (Words{"name", "_rev"}));
    EXPECT_NE(asker.refusal_of(R"({"$attrs":["secret"]})"), "");
    EXPECT_NE(asker.refusal_of(R"({"$group":[{"by":"secret","count":1}]})"), "");
}

TEST(Cursor, LeadsBackToItsPlace) {
    const std::vector<Value> place = {nullptr, "x", 3, 1.5, true, first_id};
    const std::vector<SortKey> sort(5);
    EXPECT_EQ(read_cursor(write_cursor(place), sort), place);
    const std::vector<Value> big = {Object{{"a", 1}}, List{1}, first_id};
    const std::vector<Value> plain = {Object{}, List{}, first_id};
    EXPECT_EQ(read_cursor(write_cursor(big), std::vector<SortKey>(2)), plain);
}

TEST(Cursor, TrustsNothing) {
    const auto is_refused = [](const std::string& text, std::size_t keys) {
        const std::vector<SortKey> sort(keys);
        try {
            read_cursor(text, sort);
            return false;
        } catch (const Refusal& refusal) {
            return refusal.code() == "CORE_QUERY_INVALID";
        }
    };
    EXPECT_TRUE(is_refused(write_cursor(std::vector<Value>{1, first_id}), 2)) << "of another order";
    EXPECT_TRUE(is_refused(write_cursor(std::vector<Value>{first_id, 1}), 1)) << "no id at its end";
    EXPECT_TRUE(is_refused(base::to_base64url(R"([{"a":1},"f00000000000000000000001"])"), 1));
    EXPECT_TRUE(is_refused(base::to_base64url("[[[[["), 1));
    EXPECT_TRUE(is_refused("*", 0));
    EXPECT_TRUE(is_refused(std::string(100'000, 'A'), 0));
    const std::vector<Value> long_text = {std::string(1'000'000, 'x'), first_id};
    EXPECT_FALSE(is_refused(write_cursor(long_text), 1)) << "what an answer gives is taken";
}

TEST(Cursor, GoesWithItsQueryAlone) {
    const std::string next = write_cursor(std::vector<Value>{"x", first_id});
    Asker asker;
    EXPECT_EQ(asker.parse(Object{{"$after", next}, {"$sort", Object{{"name", 1}}}}).after.size(), 2u);
    EXPECT_NE(asker.refusal(Object{{"$after", next}}), "") << "without its $sort";
    EXPECT_NE(asker.refusal(Object{{"$after", next}, {"$sort", Object{{"name", 1}}}, {"$skip", 1}}), "");
    const std::string first = write_cursor(std::vector<Value>{first_id});
    EXPECT_EQ(asker.refusal(Object{{"$after", first}}), "");
    EXPECT_NE(asker.refusal(Object{{"$after", first}, {"$search", "x"}}), "");
}

TEST(Operators, SayWhatTheyMean) {
    const Asker asker;
    EXPECT_TRUE(asker.finds(R"([{"tags":{"$all":["a","b"]}}])", R"({"tags":["b","c","a"]})"));
    EXPECT_FALSE(asker.finds(R"([{"tags":{"$all":["a","d"]}}])", R"({"tags":["b","c","a"]})"));
    EXPECT_NE(asker.refusal_of(R"([{"name":{"$all":["a"]}}])"), "");
    EXPECT_NE(asker.refusal_of(R"([{"tags":{"$all":[]}}])"), "");
    EXPECT_TRUE(asker.finds(R"({"name":{"val":["a"],"oper":"$nin"}})", R"({"name":"b"})"));
    EXPECT_TRUE(asker.finds(R"({"name":{"val":["a"],"oper":"$nin"}})", "{}"));
    EXPECT_FALSE(asker.finds(R"({"name":{"val":["a"],"oper":"$nin"}})", R"({"name":"a"})"));
    EXPECT_TRUE(asker.finds(R"([{"name":{"$regex":"^a.c$"}}])", R"({"name":"abc"})"));
    EXPECT_FALSE(asker.finds(R"([{"name":{"$regex":"^a.c$"}}])", R"({"name":"ABC"})"));
    EXPECT_TRUE(asker.finds(R"([{"name":{"$regex":"(?i)B"}}])", R"({"name":"abc"})"));
    EXPECT_TRUE(asker.finds(R"([{"title":{"$regex":"b"}}])", R"({"title":{"ar_AE":"x","en_AE":"abc"}})"));
    EXPECT_NE(asker.refusal_of(R"([{"name":{"$regex":"("}}])").find("no expression"), std::string::npos);
    EXPECT_NE(asker.refusal(List{Object{{"name", Object{{"$regex", std::string(201, 'a')}}}}}), "");
    EXPECT_NE(asker.refusal_of(R"([{"views":{"$regex":"1"}}])"), "");
}

}  // namespace
}  // namespace limp::query
