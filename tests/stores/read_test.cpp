#include <limits>

#include "base/loop.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

using Operator = Condition::Operator;

// Five people: two towns, two of the same age, one without an age.
void fill(Store& store) {
    write(
        store, {create(person(3, {{"email", "c@x.y"}, {"town", "Muscat"}, {"age", 30}})),
                create(person(1, {{"email", "a@x.y"}, {"town", "Sur"}, {"age", 30}})),
                create(person(5, {{"email", "e@x.y"}, {"town", "Muscat"}, {"age", 20}})),
                create(person(2, {{"email", "B@x.y"}, {"town", "Sur"}, {"age", 50}})),
                create(person(4, {{"email", "d@x.y"}, {"town", "Muscat"}}))}
    );
}

Query page(Filter filter, std::int64_t skip, std::int64_t limit) {
    Query query;
    query.filter = std::move(filter);
    query.skip = skip;
    query.limit = limit;
    return query;
}

Filter in_muscat() {
    return Filter::equal("town", "Muscat");
}

}  // namespace

TEST_P(StoreTest, ReadOfAnEmptyCollection) {
    const Found found = read(store());
    EXPECT_TRUE(found.docs.empty());
    EXPECT_EQ(found.total, 0);
}

TEST_P(StoreTest, ReadGivesTheNewestIdFirst) {
    fill(store());
    EXPECT_EQ(ids(read(store())), ids({5, 4, 3, 2, 1}));
    EXPECT_EQ(ids(read(store(), in_muscat())), ids({5, 4, 3}));
}

TEST_P(StoreTest, ReadSkipsAndLimitsAndCountsAll) {
    fill(store());
    // Both ways: without a filter, and with one.
    for (const Filter& filter : {Filter::everything(), Filter::of(condition("email", Operator::present, {}))}) {
        const auto cut = [&](std::int64_t skip, std::int64_t limit) {
            const Found found = read(store(), page(filter, skip, limit));
            EXPECT_EQ(found.total, 5);
            return ids(found);
        };
        EXPECT_EQ(cut(0, 2), ids({5, 4}));
        EXPECT_EQ(cut(2, 2), ids({3, 2}));
        EXPECT_EQ(cut(4, 2), ids({1}));
        EXPECT_EQ(cut(5, 2), ids({}));
        EXPECT_EQ(cut(3, 0), ids({2, 1}));
        constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
        EXPECT_EQ(cut(1, most), ids({4, 3, 2, 1}));
        EXPECT_EQ(cut(most, most), ids({}));
    }
}

TEST_P(StoreTest, ReadSortsByOneKeyAfterTheOther) {
    fill(store());
    Query query;
    query.sort = {{{"town"}, false}, {{"age"}, true}};
    EXPECT_EQ(ids(read(store(), query)), ids({3, 5, 4, 2, 1}));
    query.sort = {{{"age"}, false}};  // missing first, equal ones by id
    EXPECT_EQ(ids(read(store(), query)), ids({4, 5, 3, 1, 2}));
    query.sort = {{{"_id"}, false}};
    query.skip = 1;
    query.limit = 3;
    EXPECT_EQ(ids(read(store(), query)), ids({2, 3, 4}));
}

TEST_P(StoreTest, ReadById) {
    fill(store());
    EXPECT_EQ(ids(read(store(), by_id(2))), ids({2}));
    EXPECT_EQ(ids(read(store(), by_id(9))), ids({}));
    EXPECT_EQ(ids(read(store(), Filter::in("_id", {id(1), id(9), id(4), id(1)}))), ids({4, 1}));
    EXPECT_EQ(ids(read(store(), Filter::in("_id", {}))), ids({}));
    EXPECT_EQ(ids(read(store(), Filter::equal("_id", 2))), ids({}));
    EXPECT_EQ(ids(read(store(), Filter::in("_id", {2, id(2), nullptr}))), ids({2}));
}

TEST_P(StoreTest, ReadByIdHoldsTheRestOfTheFilter) {
    fill(store());
    Filter filter = Filter::in("_id", {id(1), id(3), id(5)});
    filter.narrow(in_muscat());
    EXPECT_EQ(ids(read(store(), filter)), ids({5, 3}));
    filter.narrow(by_id(3));
    EXPECT_EQ(ids(read(store(), filter)), ids({3}));
}

TEST_P(StoreTest, ReadDoesNotTakeAnIdFromAnOrOrANot) {
    fill(store());
    EXPECT_EQ(ids(read(store(), Filter::any_of({by_id(1), in_muscat()}))), ids({5, 4, 3, 1}));
    Filter none;
    none.kind = Filter::Kind::none;
    none.children = {by_id(1)};
    EXPECT_EQ(ids(read(store(), none)), ids({5, 4, 3, 2}));
    EXPECT_EQ(ids(read(store(), Filter::of(condition("_id", Operator::not_equal, {id(5)})))), ids({4, 3, 2, 1}));
}

TEST_P(StoreTest, ReadOfNothingFindsNothing) {
    fill(store());
    const Found found = read(store(), Filter::nothing());
    EXPECT_TRUE(found.docs.empty());
    EXPECT_EQ(found.total, 0);
}

TEST_P(StoreTest, ReadByAUniqueAttrComparesAsAnyOther) {
    fill(store());
    EXPECT_EQ(ids(read(store(), Filter::equal("email", "a@x.y"))), ids({1}));
    EXPECT_EQ(ids(read(store(), Filter::equal("email", "B@x.y"))), ids({2}));
    // The key is folded, the comparison is not.
    EXPECT_EQ(ids(read(store(), Filter::equal("email", "b@x.y"))), ids({}));
    EXPECT_EQ(ids(read(store(), Filter::in("email", {"b@x.y", "B@x.y", "e@x.y"}))), ids({5, 2}));
    Filter filter = Filter::equal("email", "a@x.y");
    filter.narrow(in_muscat());
    EXPECT_EQ(ids(read(store(), filter)), ids({}));
}

TEST_P(StoreTest, ReadByAUniqueAttrLooksIntoLists) {
    write(
        store(), {create(person(1, {{"email", List{"a@x.y", "b@x.y"}}})), create(person(2, {{"email", "b@x.y"}})),
                  create(person(3, {{"email", List{"[", "\\"}}})), create(person(4, {{"email", "["}})),
                  create(person(5, {{"email", List{Value(List{"b@x.y"})}}}))}
    );
    EXPECT_EQ(ids(read(store(), Filter::equal("email", "b@x.y"))), ids({2, 1}));
    EXPECT_EQ(ids(read(store(), Filter::in("email", {"a@x.y", "b@x.y"}))), ids({2, 1}));
    EXPECT_EQ(ids(read(store(), Filter::equal("email", "["))), ids({4, 3}));
    EXPECT_EQ(ids(read(store(), Filter::equal("email", List{"[", "\\"}))), ids({3}));
}

TEST_P(StoreTest, ReadOfACollectionThatWasNotEnsuredIsAFault) {
    EXPECT_THROW(base::run_to_end(store().read("stranger", {})), std::logic_error);
}

TEST_P(StoreTest, CollectionsAreApart) {
    fill(store());
    store().prepare({collection("pet", {{"email"}})});
    Change pet = create(person(1, {{"email", "a@x.y"}}));
    pet.collection = "pet";
    write(store(), pet);
    EXPECT_EQ(base::run_to_end(store().read("pet", {})).total, 1);
    pet.kind = Change::Kind::hard_delete;
    write(store(), pet);
    EXPECT_EQ(base::run_to_end(store().read("pet", {})).total, 0);
    EXPECT_EQ(read(store()).total, 5);
}

}  // namespace limp::store
