#include "base/loop.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

using Names = std::vector<std::string>;

Change undelete(Filter filter) {
    Change change = soft_delete(std::move(filter));
    change.kind = Change::Kind::undelete;
    return change;
}

}  // namespace

TEST_P(StoreTest, UndeleteBringsBackWhatWasSoftDeleted) {
    write(store(), {create(person(1, {{"name", "Ann"}})), create(person(2)), soft_delete(by_id(1))});
    const Changed changed = write(store(), undelete({}));
    EXPECT_EQ(changed.matched, ids({1}));
    EXPECT_EQ(changed.modified, 1);
    EXPECT_EQ(find(store(), 1), person(1, {{"name", "Ann"}, {"_rev", 3}}));
    EXPECT_EQ(write(store(), undelete({})).matched, Names{});
    const LogPage page = base::run_to_end(store().log(1, 10));
    ASSERT_EQ(page.batches.size(), 1u);
    EXPECT_EQ(
        page.batches[0].changes,
        (std::vector<LoggedChange>{{LoggedChange::Kind::undelete, people().name, id(1), {}, {}}})
    );
}

TEST_P(StoreTest, UndeleteTakesOnlyItsMatches) {
    for (int number = 1; number <= 5; ++number) write(store(), create(person(number, {{"age", number}})));
    write(store(), soft_delete({}));
    EXPECT_EQ(write(store(), undelete(Filter::in("_id", {id(1), id(1), id(9)}))).matched, ids({1}));
    Change oldest = undelete(Filter::of(condition("age", Condition::Operator::greater, {2})));
    oldest.sort = {{{"age"}, true, {}}};
    oldest.limit = 2;
    EXPECT_EQ(write(store(), oldest).matched, ids({5, 4}));
    EXPECT_EQ(ids(read(store())), ids({5, 4, 1}));
    Change none = undelete(by_id(1));
    none.must_match = true;
    EXPECT_THROW(write(store(), none), NoMatch);
}

TEST_P(StoreTest, UndeleteTakesItsUniqueKeysAgain) {
    write(store(), {create(person(1, {{"email", "a@x.y"}})), soft_delete(by_id(1))});
    write(store(), create(person(2, {{"email", "A@x.y"}})));
    EXPECT_EQ(duplicate(store(), {undelete(by_id(1))}), Names{"email"});
    EXPECT_EQ(find(store(), 1), std::nullopt);
    write(store(), {soft_delete(by_id(2)), undelete(by_id(1))});
    EXPECT_EQ(duplicate(store(), {undelete(by_id(2))}), Names{"email"});
}

TEST_P(StoreTest, UndeleteFollowsWhatWasDeclaredMeanwhile) {
    write(store(), {create(person(1, {{"age", 5}})), create(person(2, {{"age", -1}})), soft_delete({})});
    Collection collection = people();
    collection.shape = "with a town";
    collection.columns = {{"town", Collection::Column::Holds::text, false}};
    collection.indexes = {{"town"}};
    collection.revise = [](const Document& document) {
        Revision revision{document, {}, {}};
        if (document.find("age")->integer() < 0) revision.misfit = "has an age below 0";
        revision.document["town"] = "Sur";
        return revision;
    };
    store().prepare({collection});
    write(store(), undelete(by_id(1)));
    EXPECT_EQ(find(store(), 1), person(1, {{"age", 5}, {"town", "Sur"}, {"_rev", 4}}));
    EXPECT_EQ(ids(read(store(), Filter::equal("town", "Sur"))), ids({1}));
    try {
        write(store(), undelete({}));
        ADD_FAILURE() << "it was brought back";
    } catch (const Unfit& unfit) {
        ASSERT_EQ(unfit.first.size(), 1u);
        EXPECT_EQ(unfit.first[0].id, id(2));
        EXPECT_EQ(unfit.first[0].reason, "has an age below 0");
    }
}

}  // namespace limp::store
