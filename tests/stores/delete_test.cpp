#include "store_test.hpp"

namespace limp::store {

TEST_P(StoreTest, SoftDeletedDocumentsAreNeverRead) {
    write(store(), {create(person(1, {{"email", "a@x.y"}})), create(person(2))});
    const Changed changed = write(store(), soft_delete(by_id(1)));
    EXPECT_EQ(changed.matched, ids({1}));
    EXPECT_EQ(changed.modified, 1);
    EXPECT_FALSE(find(store(), 1));
    EXPECT_EQ(ids(read(store())), ids({2}));
    EXPECT_EQ(read(store()).total, 1);
    EXPECT_EQ(read(store(), Filter::equal("email", "a@x.y")).total, 0);
    EXPECT_EQ(read(store(), Filter::equal("__deleted", true)).total, 0);
    EXPECT_EQ(read(store(), Filter::of(condition("_id", Condition::Operator::present, {}))).total, 1);
}

TEST_P(StoreTest, SoftDeletedDocumentsMatchNoChange) {
    write(store(), {create(person(1)), soft_delete(by_id(1))});
    EXPECT_EQ(write(store(), update({}, {{"age", 1}})).matched, ids({}));
    EXPECT_EQ(write(store(), soft_delete({})).matched, ids({}));
    EXPECT_EQ(write(store(), hard_delete({})).matched, ids({}));
}

TEST_P(StoreTest, SoftDeleteKeepsTheCredential) {
    write(store(), {create(person(1)), credential(id(1), "hash"), soft_delete(by_id(1))});
    EXPECT_EQ(credential_of(store(), id(1)), "hash");
}

TEST_P(StoreTest, HardDeleteRemovesTheDocumentAndItsCredential) {
    write(
        store(),
        {create(person(1, {{"email", "a@x.y"}})), credential(id(1), "one"), create(person(2)), credential(id(2), "two")}
    );
    const Changed changed = write(store(), hard_delete(by_id(1)));
    EXPECT_EQ(changed.matched, ids({1}));
    EXPECT_EQ(changed.modified, 1);
    EXPECT_EQ(ids(read(store())), ids({2}));
    EXPECT_EQ(credential_of(store(), id(1)), std::nullopt);
    EXPECT_EQ(credential_of(store(), id(2)), "two");
    // Its id and its unique values are free again.
    write(store(), create(person(1, {{"email", "a@x.y"}})));
    EXPECT_EQ(find(store(), 1), person(1, {{"email", "a@x.y"}, {"_rev", 1}}));
}

TEST_P(StoreTest, DeletesTouchOnlyTheMatchesThatSortAndLimitLeave) {
    for (int number = 1; number <= 4; ++number) write(store(), create(person(number, {{"age", 10 - number}})));
    Change change = soft_delete({});
    change.sort = {{{"age"}, false}};
    change.limit = 1;
    EXPECT_EQ(write(store(), change).matched, ids({4}));
    change.kind = Change::Kind::hard_delete;
    change.limit = 2;
    EXPECT_EQ(write(store(), change).matched, ids({3, 2}));
    EXPECT_EQ(ids(read(store())), ids({1}));
}

}  // namespace limp::store
