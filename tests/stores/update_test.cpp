#include "store_test.hpp"

namespace limp::store {

using Names = std::vector<std::string>;

TEST_P(StoreTest, UpdateSetsAttrsAndCountsUpTheRevision) {
    write(store(), create(person(1, {{"name", "Ann"}, {"age", 30}})));
    const Changed changed = write(store(), update(by_id(1), {{"age", 31}, {"town", "Sur"}}));
    EXPECT_EQ(changed.matched, ids({1}));
    EXPECT_EQ(changed.modified, 1);
    EXPECT_EQ(find(store(), 1), person(1, {{"name", "Ann"}, {"age", 31}, {"_rev", 2}, {"town", "Sur"}}));
}

TEST_P(StoreTest, UpdateWithNullRemovesTheAttr) {
    write(store(), create(person(1, {{"name", "Ann"}, {"age", 30}})));
    EXPECT_EQ(write(store(), update(by_id(1), {{"age", nullptr}})).modified, 1);
    EXPECT_EQ(find(store(), 1), person(1, {{"name", "Ann"}, {"_rev", 2}}));
    EXPECT_EQ(write(store(), update(by_id(1), {{"age", nullptr}})).modified, 0);
    EXPECT_EQ(find(store(), 1), person(1, {{"name", "Ann"}, {"_rev", 2}}));
}

TEST_P(StoreTest, UpdateThatChangesNothingKeepsTheRevision) {
    write(store(), {create(person(1, {{"age", 30}})), create(person(2, {{"age", 31}}))});
    const Changed changed = write(store(), update({}, {{"age", 30}}));
    EXPECT_EQ(changed.matched, ids({2, 1}));
    EXPECT_EQ(changed.modified, 1);
    EXPECT_EQ(find(store(), 1), person(1, {{"age", 30}, {"_rev", 1}}));
    EXPECT_EQ(find(store(), 2), person(2, {{"age", 30}, {"_rev", 2}}));
}

TEST_P(StoreTest, UpdateTellsKindsOfValuesApart) {
    write(store(), create(person(1, {{"age", 1}})));
    EXPECT_EQ(write(store(), update(by_id(1), {{"age", 1.0}})).modified, 1);
    EXPECT_TRUE(find(store(), 1)->find("age")->is_real());
}

TEST_P(StoreTest, UpdateLeavesWhatTheStoreKeepsItself) {
    write(store(), create(person(1)));
    EXPECT_EQ(write(store(), update(by_id(1), {{"_id", id(2)}, {"_rev", 9}, {"__deleted", true}})).modified, 0);
    EXPECT_EQ(find(store(), 1), person(1, {{"_rev", 1}}));
}

TEST_P(StoreTest, UpdateTouchesOnlyTheMatchesThatSortSkipAndLimitLeave) {
    for (int number = 1; number <= 5; ++number) write(store(), create(person(number, {{"age", number % 3}})));
    Change change = update({}, {{"seen", true}});
    change.sort = {{{"age"}, true}, {{"_id"}, false}};  // 2 5, 1 4, 3
    change.skip = 1;
    change.limit = 2;
    const Changed changed = write(store(), change);
    EXPECT_EQ(changed.matched, ids({5, 1}));
    EXPECT_EQ(changed.modified, 2);
    EXPECT_EQ(ids(read(store(), Filter::equal("seen", true))), ids({5, 1}));
}

TEST_P(StoreTest, UpdateOfADocumentThatIsThereNoMoreMatchesNothing) {
    write(store(), {create(person(1)), soft_delete(by_id(1))});
    const Changed changed = write(store(), update(by_id(1), {{"age", 1}}));
    EXPECT_EQ(changed.matched, ids({}));
    EXPECT_EQ(changed.modified, 0);
}

TEST_P(StoreTest, UpdateWithTheRightRevision) {
    write(store(), create(person(1)));
    Change change = update(by_id(1), {{"age", 1}});
    change.rev = 1;
    EXPECT_EQ(write(store(), change).modified, 1);
    EXPECT_EQ(*find(store(), 1)->find("_rev"), Value(2));
}

TEST_P(StoreTest, UpdateWithAnotherRevisionIsAConflict) {
    write(store(), {create(person(1)), create(person(2)), update(by_id(1), {{"age", 1}})});
    Change change = update({}, {{"age", 5}});  // 2 has the revision 1, 1 has not
    change.rev = 1;
    EXPECT_EQ(conflict(store(), Conflict::Kind::revision, {change}), Names{});
    EXPECT_EQ(find(store(), 2), person(2, {{"_rev", 1}}));

    change = update(by_id(1), {{"age", 1}});  // even when it would change nothing
    change.rev = 1;
    conflict(store(), Conflict::Kind::revision, {change});
}

TEST_P(StoreTest, MustMatchFailsTheBatchWithoutAMatch) {
    for (Change change : {update(by_id(9), {{"age", 1}}), soft_delete(by_id(9)), hard_delete(by_id(9))}) {
        EXPECT_EQ(write(store(), change).matched, ids({}));
        change.must_match = true;
        EXPECT_THROW(write(store(), {create(person(1)), change}), NoMatch);
        EXPECT_EQ(read(store()).total, 0);
    }
}

TEST_P(StoreTest, MustMatchIsContentWithAMatchThatDoesNotChange) {
    write(store(), create(person(1, {{"age", 1}})));
    Change change = update(by_id(1), {{"age", 1}});
    change.must_match = true;
    EXPECT_EQ(write(store(), change).matched, ids({1}));
}

TEST_P(StoreTest, MustMatchCountsWhatSkipLeaves) {
    write(store(), create(person(1)));
    Change change = update({}, {{"age", 1}});
    change.must_match = true;
    change.skip = 1;
    EXPECT_THROW(write(store(), change), NoMatch);
}

}  // namespace limp::store
