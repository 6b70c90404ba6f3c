// What reads find beside filter, order and page: references, words, places, facets, counts, and places to go on from.
#include <limits>

#include "base/loop.hpp"
#include "store/stored.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

using Holds = Collection::Column::Holds;
using Ids = std::vector<std::string>;

Collection readers() {
    Collection declared = people();
    declared.columns = {{"town", Holds::text}, {"age", Holds::integer}, {"visited", Holds::text, true}};
    declared.indexes = {{"town"}, {"age"}, {"visited"}};
    declared.searched = {"about", "title"};
    declared.points = {"spot"};
    return declared;
}

Collection towns() {
    Collection declared = collection("town");
    declared.columns = {{"name", Holds::text}, {"in", Holds::text}};
    declared.indexes = {{"name"}, {"in"}};
    return declared;
}

Object point(double longitude, double latitude) {
    return {{"type", "Point"}, {"coordinates", List{longitude, latitude}}};
}

Change create_town(int number, Document attrs) {
    Change change = create(person(number, std::move(attrs)));
    change.collection = "town";
    return change;
}

FoundText read_text(Store& store, Query query) {
    return base::run_to_end(store.read_text("person", std::move(query)));
}

Ids ids(const FoundText& found) {
    Ids ids;
    for (const DocTextPtr& text : found.docs) ids.push_back(id_of(parse_document(text->text)));
    return ids;
}

using store::ids;

Ids found(Store& store, Query query) {
    return ids(read_text(store, std::move(query)));
}

Ids found(Store& store, Filter filter) {
    Query query;
    query.filter = std::move(filter);
    return found(store, std::move(query));
}

Filter lives_in(const std::string& town) {
    return Filter::related({"town", "town"}, Filter::equal("name", town));
}

Query search(std::vector<std::string> words, bool last_begins = false, std::vector<std::string> attrs = {"about"}) {
    Query query;
    query.search = Search{std::move(attrs), std::move(words), last_begins};
    return query;
}

Query near(double longitude, double latitude, std::optional<double> within) {
    Query query;
    query.near = Near{"spot", longitude, latitude, within};
    return query;
}

class FindingTest : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        store().prepare({readers(), towns()});
    }

    // Seven is in eight, which is in nine; nobody has seen ten.
    void fill_towns() {
        write(
            store(), {create_town(7, {{"name", "Muttrah"}, {"in", id(8)}}),
                      create_town(8, {{"name", "Muscat"}, {"in", id(9)}}), create_town(9, {{"name", "Oman"}}),
                      create(person(1, {{"town", id(7)}, {"age", 30}})), create(person(2, {{"town", id(8)}})),
                      create(person(3, {{"town", id(10)}, {"visited", List{id(7), id(9)}}})), create(person(4))}
        );
    }
};

}  // namespace

TEST_P(FindingTest, AReferenceIsPassedByTheLiveDocumentItLeadsTo) {
    fill_towns();
    EXPECT_EQ(found(store(), lives_in("Muscat")), ids({2}));
    EXPECT_EQ(found(store(), Filter::related({"town", "town"}, {})), ids({2, 1}));
    EXPECT_EQ(found(store(), Filter::related({"visited", "town"}, Filter::equal("name", "Oman"))), ids({3}));
    Change gone = soft_delete(Filter::equal("name", "Muscat"));
    gone.collection = "town";
    write(store(), gone);
    EXPECT_EQ(found(store(), lives_in("Muscat")), ids({}));
}

TEST_P(FindingTest, NotOfAReferenceHasThoseThatLeadNowhere) {
    fill_towns();
    EXPECT_EQ(found(store(), Filter::none_of({lives_in("Muscat")})), ids({4, 3, 1}));
    EXPECT_EQ(found(store(), Filter::none_of({Filter::related({"visited", "town"}, {})})), ids({4, 2, 1}));
}

TEST_P(FindingTest, ReferencesGoOn) {
    fill_towns();
    const Filter in_muscat = Filter::related({"in", "town"}, Filter::equal("name", "Muscat"));
    EXPECT_EQ(found(store(), Filter::related({"town", "town"}, in_muscat)), ids({1}));
    // By id, too, though the document itself may be in memory.
    EXPECT_EQ(found(store(), Filter::all_of({by_id(1), Filter::related({"town", "town"}, in_muscat)})), ids({1}));
    EXPECT_EQ(found(store(), Filter::all_of({by_id(2), Filter::related({"town", "town"}, in_muscat)})), ids({}));
}

TEST_P(FindingTest, OrdersGoThroughReferences) {
    fill_towns();
    Query query;
    query.sort = {{{"name"}, false, {{{"town", "town"}, {}}}}};
    EXPECT_EQ(found(store(), query), ids({4, 3, 2, 1}));  // missing first, "Muscat", "Muttrah"
    query.sort.front().descending = true;
    EXPECT_EQ(found(store(), query), ids({1, 2, 4, 3}));
    query.sort.front().hops.front().passed = Filter::equal("name", "Muscat");
    EXPECT_EQ(found(store(), query), ids({2, 4, 3, 1}));
    query.sort.front().hops = {{{"town", "town"}, {}}, {{"in", "town"}, {}}};
    EXPECT_EQ(found(store(), query), ids({2, 1, 4, 3}));
}

TEST_P(FindingTest, ChangesGoThroughReferencesToo) {
    fill_towns();
    EXPECT_EQ(write(store(), update(lives_in("Muscat"), {{"age", 7}})).matched, ids({2}));
    Change first = update({}, {{"age", 8}});
    first.sort = {{{"name"}, true, {{{"town", "town"}, {}}}}};
    first.limit = 1;
    EXPECT_EQ(write(store(), first).matched, ids({1}));
    write(store(), soft_delete(by_id(2)));
    Change back = soft_delete(lives_in("Muscat"));
    back.kind = Change::Kind::undelete;
    EXPECT_EQ(write(store(), back).matched, ids({2}));
    // Within a batch each change sees those before it.
    Change renamed = update(Filter::equal("name", "Oman"), {{"name", "Muscat"}});
    renamed.collection = "town";
    const auto changed =
        write(store(), {renamed, soft_delete(Filter::related({"visited", "town"}, Filter::equal("name", "Muscat")))});
    EXPECT_EQ(changed.at(1).matched, ids({3}));
}

TEST_P(FindingTest, MoreSaysWhetherThereIsANextPage) {
    write(store(), {create(person(1)), create(person(2)), create(person(3))});
    Query query;
    const auto more = [&](std::int64_t skip, std::int64_t limit) {
        query.skip = skip;
        query.limit = limit;
        return read_text(store(), query).more;
    };
    EXPECT_TRUE(more(0, 2));
    EXPECT_FALSE(more(0, 3));
    EXPECT_TRUE(more(1, 1));
    EXPECT_FALSE(more(1, 2));
    EXPECT_FALSE(more(0, 0));
    EXPECT_FALSE(more(5, 1));
    EXPECT_FALSE(more(0, std::numeric_limits<std::int64_t>::max()));
}

TEST_P(FindingTest, CountsNoFartherThanAsked) {
    for (int number = 1; number <= 9; ++number) write(store(), create(person(number)));
    Query query;
    query.limit = 2;
    const auto total = [&](std::int64_t count_to) {
        query.count_to = count_to;
        return read_text(store(), query).total;
    };
    EXPECT_EQ(total(Query::to_the_last), 9);
    EXPECT_EQ(total(0), 0);
    EXPECT_EQ(total(1), 1);
    EXPECT_EQ(total(8), 8);
    EXPECT_EQ(total(9), 9);
    EXPECT_EQ(total(10), 9);
    query.limit = 8;  // the page and the one after it are all
    EXPECT_EQ(total(10), 9);
    query.limit = 2;
    query.filter = Filter::of(condition("age", Condition::Operator::missing, {}));
    EXPECT_EQ(total(8), 8);
    EXPECT_EQ(total(10), 9);
    query.filter = Filter::in("_id", {id(1), id(2), id(3)});
    EXPECT_EQ(total(2), 2);
    EXPECT_EQ(total(Query::to_the_last), 3);
}

TEST_P(FindingTest, CountsAnewWhenSomethingWasWritten) {
    for (int number = 1; number <= 5; ++number) write(store(), create(person(number)));
    Query of_all;
    of_all.limit = 2;
    Query of_some = of_all;
    of_some.filter = Filter::of(condition("age", Condition::Operator::missing, {}));
    EXPECT_EQ(read_text(store(), of_all).total, 5);
    EXPECT_EQ(read_text(store(), of_some).total, 5);
    write(store(), update(Filter::equal("_id", id(1)), {{"age", 30}}));
    EXPECT_EQ(read_text(store(), of_all).total, 5);
    EXPECT_EQ(read_text(store(), of_some).total, 4);
    write(store(), soft_delete(Filter::equal("_id", id(2))));
    EXPECT_EQ(read_text(store(), of_all).total, 4);
    EXPECT_EQ(read_text(store(), of_some).total, 3);
    of_all.count_to = 3;
    EXPECT_EQ(read_text(store(), of_all).total, 3);
    of_all.count_to = 100;
    EXPECT_EQ(read_text(store(), of_all).total, 4);
    write(store(), soft_delete(Filter::equal("_id", id(3))));
    EXPECT_EQ(read_text(store(), of_all).total, 3);
    write(store(), create(person(6)));
    EXPECT_EQ(read_text(store(), of_all).total, 4);
}

// In every order, forwards, each document once.
TEST_P(FindingTest, PagesFollowOneAnotherWithoutGapOrRepeat) {
    for (int number = 1; number <= 20; ++number) {
        Document attrs;
        if (number % 4 != 0) attrs.append("age", number % 3);
        if (number % 5 != 0) attrs.append("town", id(number % 2));
        write(store(), create(person(number, std::move(attrs))));
    }
    for (const bool by_age_descending : {false, true}) {
        for (const bool by_town_descending : {false, true}) {
            Query query;
            query.sort = {{{"age"}, by_age_descending}, {{"town"}, by_town_descending}};
            const Ids all = found(store(), query);
            query.limit = 3;
            Ids one_by_one;
            for (bool more = true; more;) {
                const FoundText page = read_text(store(), query);
                for (std::string& id : ids(page)) one_by_one.push_back(std::move(id));
                EXPECT_EQ(page.total, 20);
                more = page.more;
                EXPECT_EQ(page.end.empty(), !more);
                query.after = page.end;
                ASSERT_LE(one_by_one.size(), 20U);
            }
            EXPECT_EQ(one_by_one, all);
        }
    }
}

TEST_P(FindingTest, APageGoesOnFromWhereItsLastDocumentWas) {
    for (const int number : {1, 3, 5}) write(store(), create(person(number, {{"age", number}})));
    Query query;
    query.after = {id(5)};
    EXPECT_EQ(found(store(), query), ids({3, 1}));
    query.after = {id(4)};  // gone meanwhile
    EXPECT_EQ(found(store(), query), ids({3, 1}));
    query.sort = {{{"age"}, false}};
    query.after = {2, id(9)};
    EXPECT_EQ(found(store(), query), ids({3, 5}));
    query.after = {nullptr, id(9)};
    EXPECT_EQ(found(store(), query), ids({1, 3, 5}));
    query.after = {"text", id(9)};  // after all numbers
    EXPECT_EQ(found(store(), query), ids({}));
    query.sort = {{{"_id"}, false}};
    query.after = {id(3), id(3)};
    EXPECT_EQ(found(store(), query), ids({5}));
}

TEST_P(FindingTest, DeletedInPlaceOfLive) {
    write(store(), {create(person(1, {{"age", 1}})), create(person(2, {{"age", 1}})), soft_delete(by_id(1))});
    Query query;
    query.deleted = true;
    EXPECT_EQ(found(store(), query), ids({1}));
    query.filter = Filter::equal("age", 1);
    EXPECT_EQ(found(store(), query), ids({1}));
    query.filter = by_id(2);
    EXPECT_EQ(found(store(), query), ids({}));
    query.filter = by_id(1);
    EXPECT_EQ(found(store(), query), ids({1}));
}

TEST_P(FindingTest, FacetsCountValues) {
    write(
        store(), {create(person(1, {{"age", 20}, {"visited", List{"a", "b", "a"}}})), create(person(2, {{"age", 30}})),
                  create(person(3, {{"age", 20}, {"visited", List{"b"}}})), create(person(4, {{"age", 40}})),
                  create(person(5)), create(person(6, {{"age", 20}})), soft_delete(by_id(6))}
    );
    Query query;
    query.limit = 1;
    query.filter = Filter::equal("age", 30);
    query.facets = {
        {{"age"}, 5, {}}, {{"visited"}, 5, {}}, {{"age"}, 2, Filter::in("age", {20, 40})}, {{"age"}, 1, {}}
    };
    const FoundText found = read_text(store(), query);
    const auto text = [&](std::size_t facet) {
        std::string text;
        for (const Bucket& bucket : found.facets.at(facet)) {
            const auto show = [](const Value& one) {
                return one.is_string() ? one.string() : std::to_string(one.integer());
            };
            text += show(bucket.min) + "-" + show(bucket.max) + ":" + std::to_string(bucket.count) + " ";
        }
        return text;
    };
    EXPECT_EQ(text(0), "20-20:2 30-30:1 40-40:1 ");
    EXPECT_EQ(text(1), "a-a:1 b-b:2 ");
    EXPECT_EQ(text(2), "20-20:2 40-40:1 ");
    EXPECT_EQ(text(3), "20-40:4 ");
    EXPECT_EQ(found.total, 1);
}

TEST_P(FindingTest, SearchesForWords) {
    write(
        store(), {create(person(1, {{"about", "The sea, the SEA and École."}, {"title", Object{{"en_AE", "House"}}}})),
                  create(person(2, {{"about", List{"a seaside", "house"}}})), create(person(3, {{"about", 7}})),
                  create(person(4, {{"name", "sea"}}))}
    );
    EXPECT_EQ(found(store(), search({"sea"})), ids({1}));
    EXPECT_EQ(found(store(), search({"sea"}, true)).size(), 2U);
    EXPECT_EQ(found(store(), search({"ecole", "sea"})), ids({1}));
    EXPECT_EQ(found(store(), search({"ecole", "seaside"})), ids({}));
    EXPECT_EQ(found(store(), search({"house"})), ids({2}));
    EXPECT_EQ(found(store(), search({"house", "sea"}, false, {"about", "title"})), ids({1}));
    EXPECT_EQ(found(store(), search({"house"}, false, {"title"})), ids({1}));
}

TEST_P(FindingTest, BetterMatchesOfASearchComeFirst) {
    write(
        store(), {create(person(1, {{"about", "sea sea sea"}})), create(person(2, {{"about", "sea and land and sky"}})),
                  create(person(3, {{"about", "land"}})), create(person(4, {{"about", "sea and land and sky"}}))}
    );
    EXPECT_EQ(found(store(), search({"sea"})), ids({1, 4, 2}));
    Query sorted = search({"sea"});
    sorted.sort = {{{"_id"}, false}};
    EXPECT_EQ(found(store(), sorted), ids({1, 2, 4}));
    Query page = search({"sea"});
    page.limit = 2;
    const FoundText found = read_text(store(), page);
    EXPECT_EQ(ids(found), ids({1, 4}));
    EXPECT_TRUE(found.more);
    EXPECT_TRUE(found.end.empty());
    EXPECT_EQ(found.total, 3);
}

TEST_P(FindingTest, SearchesGoWithTheDocuments) {
    write(store(), {create(person(1, {{"about", "sea"}})), create(person(2, {{"about", "sea"}}))});
    write(store(), update(by_id(1), {{"about", "land"}}));
    EXPECT_EQ(found(store(), search({"sea"})), ids({2}));
    EXPECT_EQ(found(store(), search({"land"})), ids({1}));
    write(store(), soft_delete(by_id(2)));
    EXPECT_EQ(found(store(), search({"sea"})), ids({}));
    Query deleted = search({"sea"});
    deleted.deleted = true;
    EXPECT_EQ(found(store(), deleted), ids({2}));
    write(store(), hard_delete(by_id(1)));
    EXPECT_EQ(found(store(), search({"land"})), ids({}));
    write(store(), update(Filter::nothing(), {}));
    EXPECT_THROW(write(store(), {create(person(3, {{"about", "sky"}})), create(person(3))}), Conflict);
    EXPECT_EQ(found(store(), search({"sky"})), ids({}));
}

TEST_P(FindingTest, WordsAreNeverSyntax) {
    write(store(), {create(person(1, {{"about", "near and or not"}})), create(person(2, {{"about", "x"}}))});
    for (const char* word : {"near", "and", "or", "not"}) EXPECT_EQ(found(store(), search({word})), ids({1}));
    for (const char* word : {"\"", "*", "x\" OR \"near", "about:x", "-x", "x)", "^x", ""})
        EXPECT_EQ(found(store(), search({word, "near"})).size(), found(store(), search({"near", word})).size()) << word;
    EXPECT_EQ(found(store(), search({std::string(40'000, 'x')})), ids({}));
}

TEST_P(FindingTest, WhatIsSearchedFollowsTheDeclaration) {
    write(store(), create(person(1, {{"about", "sea"}, {"note", "land"}})));
    Collection other = readers();
    other.searched = {"note"};
    store().prepare({other});
    EXPECT_EQ(found(store(), search({"land"}, false, {"note"})), ids({1}));
    write(store(), update(by_id(1), {{"note", "sky"}, {"about", "land"}}));
    EXPECT_EQ(found(store(), search({"sky"}, false, {"note"})), ids({1}));
    store().prepare({readers()});
    EXPECT_EQ(found(store(), search({"land"})), ids({1}));
    other.searched = {};
    store().prepare({other});
    write(store(), update(by_id(1), {{"about", "sea"}}));
    EXPECT_EQ(found(store(), search({"sea"})), ids({1}));
}

TEST_P(FindingTest, NearestFirst) {
    write(
        store(), {create(person(1, {{"spot", point(58.4, 23.6)}})), create(person(2, {{"spot", point(58.41, 23.6)}})),
                  create(person(3, {{"spot", point(59, 23)}})), create(person(4, {{"spot", "nowhere"}})),
                  create(person(5, {{"spot", point(58.4, 23.6)}})), create(person(6))}
    );
    const FoundText all = read_text(store(), near(58.4, 23.6, std::nullopt));
    EXPECT_EQ(ids(all), ids({5, 1, 2, 3}));
    ASSERT_EQ(all.distances.size(), 4U);
    EXPECT_EQ(all.distances.at(0), 0);
    EXPECT_NEAR(all.distances.at(2), 1020, 5);
    EXPECT_EQ(found(store(), near(58.4, 23.6, 2'000)), ids({5, 1, 2}));
    EXPECT_EQ(found(store(), near(58.4, 23.6, 0)), ids({5, 1}));
    Query sorted = near(58.4, 23.6, 2'000);
    sorted.sort = {{{"_id"}, false}};
    const FoundText by_id = read_text(store(), sorted);
    EXPECT_EQ(ids(by_id), ids({1, 2, 5}));
    EXPECT_EQ(by_id.distances.at(2), 0);
    write(store(), update(store::by_id(1), {{"spot", point(0, 0)}}));
    EXPECT_EQ(found(store(), near(58.4, 23.6, 2'000)), ids({5, 2}));
    EXPECT_EQ(found(store(), near(0, 0, 1)), ids({1}));
    write(store(), soft_delete(store::by_id(5)));
    EXPECT_EQ(found(store(), near(58.4, 23.6, 2'000)), ids({2}));
}

TEST_P(FindingTest, NearGoesAroundTheGlobe) {
    write(
        store(), {create(person(1, {{"spot", point(179.99, 0)}})), create(person(2, {{"spot", point(-179.99, 0)}})),
                  create(person(3, {{"spot", point(180, 0)}})), create(person(4, {{"spot", point(-180, 0)}})),
                  create(person(5, {{"spot", point(0, 89.999)}})), create(person(6, {{"spot", point(180, 89.999)}})),
                  create(person(7, {{"spot", point(90, 90)}})), create(person(8, {{"spot", point(10, -89.99)}}))}
    );
    // Which of 180 and -180, the same place, is nearer by what rounding leaves is nobody's business.
    const auto by_id = [](Query query) {
        query.sort = {{{"_id"}, false}};
        return query;
    };
    EXPECT_EQ(found(store(), by_id(near(179.995, 0, 2'000))), ids({1, 2, 3, 4}));
    EXPECT_EQ(found(store(), by_id(near(-179.995, 0, 2'000))), ids({1, 2, 3, 4}));
    EXPECT_EQ(found(store(), by_id(near(-179.995, 0, 700))), ids({2, 3, 4}));
    EXPECT_EQ(found(store(), near(0, 89.999, 300)), ids({5, 7, 6}));
    EXPECT_EQ(found(store(), near(-170, -90, 2'000)), ids({8}));
    EXPECT_EQ(found(store(), near(0, 0, 30'000'000)).size(), 8U);
}

INSTANTIATE_TEST_SUITE_P(
    Drivers, FindingTest,
    testing::Values(
        Driver{"Memory", [](const Folder&, const Options& options) { return open_memory(options); }},
        Driver{
            "Sqlite",
            [](const Folder& folder, const Options& options) { return open_sqlite(folder / "limp.db", options); }
        }
    ),
    [](const auto& driver) { return driver.param.name; }
);

}  // namespace limp::store
