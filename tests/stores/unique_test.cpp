#include "store_test.hpp"

namespace limp::store {

namespace {

using Names = std::vector<std::string>;

const Names email = {"email"};
const Names owner_and_name = {"owner", "name"};

// Whether two documents with these values as "email" can both be stored.
bool collide(Store& store, Value left, Value right) {
    write(store, hard_delete({}));
    write(store, create(person(1, {{"email", std::move(left)}})));
    try {
        write(store, create(person(2, {{"email", std::move(right)}})));
    } catch (const Conflict&) {
        EXPECT_FALSE(find(store, 2));
        return true;
    }
    return false;
}

}  // namespace

TEST_P(StoreTest, UniqueValuesAreRefusedTwice) {
    write(store(), create(person(1, {{"email", "a@x.y"}})));
    EXPECT_EQ(duplicate(store(), {create(person(2, {{"email", "a@x.y"}}))}), email);
    EXPECT_EQ(ids(read(store())), ids({1}));
}

TEST_P(StoreTest, UniqueValuesCompareAsTheMatcherDoes) {
    EXPECT_TRUE(collide(store(), "a", "a"));
    EXPECT_FALSE(collide(store(), "a", "a "));
    EXPECT_FALSE(collide(store(), "1", 1));
    EXPECT_FALSE(collide(store(), "true", true));
    EXPECT_FALSE(collide(store(), "", List{}));
    EXPECT_FALSE(collide(store(), 0, false));
    EXPECT_TRUE(collide(store(), 1, 1.0));
    EXPECT_TRUE(collide(store(), 0.0, -0.0));
    EXPECT_FALSE(collide(store(), 1, 1.5));
    EXPECT_TRUE(collide(store(), 1e300, 1e300));
    EXPECT_FALSE(collide(store(), (std::int64_t{1} << 53) + 1, std::int64_t{1} << 53));
    EXPECT_TRUE(collide(store(), "", ""));
}

TEST_P(StoreTest, UniqueTextComparesFoldedWhereDeclared) {
    EXPECT_TRUE(collide(store(), "Ann@Example.ORG", "ann@example.org"));
    EXPECT_TRUE(collide(store(), "ÉMILE", "émile"));
    EXPECT_TRUE(collide(store(), List{"A"}, List{"a"}));
    write(store(), hard_delete({}));
    write(store(), create(person(1, {{"owner", "x"}, {"name", "Ann"}})));
    write(store(), create(person(2, {{"owner", "x"}, {"name", "ann"}})));
}

TEST_P(StoreTest, UniqueListsAndObjectsCompareAsAWhole) {
    EXPECT_TRUE(collide(store(), List{"a", "b"}, List{"a", "b"}));
    EXPECT_FALSE(collide(store(), List{"a", "b"}, List{"b", "a"}));
    EXPECT_FALSE(collide(store(), List{"a", "b"}, "a"));
    EXPECT_FALSE(collide(store(), List{"a"}, "a"));
    EXPECT_TRUE(collide(store(), Object{{"x", 1}, {"y", 2}}, Object{{"y", 2}, {"x", 1}}));
    EXPECT_FALSE(collide(store(), Object{{"x", 1}}, Object{{"x", 1}, {"y", 2}}));
}

TEST_P(StoreTest, MissingAndNullDoNotCollide) {
    write(
        store(), {create(person(1)), create(person(2)), create(person(3, {{"email", nullptr}})),
                  create(person(4, {{"email", nullptr}}))}
    );
    EXPECT_EQ(read(store()).total, 4);
}

TEST_P(StoreTest, CombinationsCollideAsAWhole) {
    write(store(), create(person(1, {{"owner", "x"}, {"name", "Ann"}})));
    write(store(), create(person(2, {{"owner", "y"}, {"name", "Ann"}})));
    write(store(), create(person(3, {{"owner", "x"}, {"name", "Bob"}})));
    write(store(), {create(person(4, {{"owner", "x"}})), create(person(5, {{"owner", "x"}, {"name", nullptr}}))});
    EXPECT_EQ(duplicate(store(), {create(person(6, {{"owner", "x"}, {"name", "Ann"}}))}), owner_and_name);
    // Where one value ends and the next begins matters.
    write(store(), create(person(7, {{"owner", "x\",\"A"}, {"name", "nn"}})));
}

TEST_P(StoreTest, DeletionFreesUniqueValues) {
    write(store(), create(person(1, {{"email", "a@x.y"}})));
    write(store(), soft_delete(by_id(1)));
    write(store(), create(person(2, {{"email", "a@x.y"}})));
    write(store(), hard_delete(by_id(2)));
    write(store(), create(person(3, {{"email", "a@x.y"}})));
    EXPECT_EQ(ids(read(store())), ids({3}));
}

TEST_P(StoreTest, UpdateMovesUniqueValues) {
    write(store(), create(person(1, {{"email", "a@x.y"}})));
    write(store(), update(by_id(1), {{"email", "b@x.y"}}));
    write(store(), create(person(2, {{"email", "a@x.y"}})));
    EXPECT_EQ(duplicate(store(), {update(by_id(2), {{"email", "B@x.y"}})}), email);
    EXPECT_EQ(find(store(), 2), person(2, {{"email", "a@x.y"}, {"_rev", 1}}));
    write(store(), update(by_id(1), {{"email", nullptr}}));
    write(store(), update(by_id(2), {{"email", "b@x.y"}}));
}

TEST_P(StoreTest, UpdateMayChangeTheCaseOfItsOwnValue) {
    write(store(), create(person(1, {{"email", "a@x.y"}})));
    EXPECT_EQ(write(store(), update(by_id(1), {{"email", "A@x.y"}})).modified, 1);
    EXPECT_EQ(duplicate(store(), {create(person(2, {{"email", "a@X.Y"}}))}), email);
}

TEST_P(StoreTest, UpdateOfSeveralToOneUniqueValueStoresNothing) {
    write(store(), {create(person(1, {{"age", 1}})), create(person(2, {{"age", 1}}))});
    EXPECT_EQ(duplicate(store(), {update({}, {{"email", "a@x.y"}, {"age", 2}})}), email);
    EXPECT_EQ(find(store(), 1), person(1, {{"age", 1}, {"_rev", 1}}));
    EXPECT_EQ(find(store(), 2), person(2, {{"age", 1}, {"_rev", 1}}));
    write(store(), create(person(3, {{"email", "a@x.y"}})));  // nobody holds it
}

TEST_P(StoreTest, UpdateOfPartOfACombination) {
    write(
        store(),
        {create(person(1, {{"owner", "x"}, {"name", "Ann"}})), create(person(2, {{"owner", "y"}, {"name", "Ann"}}))}
    );
    EXPECT_EQ(duplicate(store(), {update({}, {{"owner", "x"}})}), owner_and_name);
    EXPECT_EQ(write(store(), update(by_id(2), {{"owner", "z"}})).modified, 1);
}

TEST_P(StoreTest, PreparingAgainKeepsWhatIsThere) {
    write(store(), create(person(1, {{"email", "a@x.y"}})));
    store().prepare({people()});
    EXPECT_EQ(read(store()).total, 1);
    EXPECT_EQ(duplicate(store(), {create(person(2, {{"email", "a@x.y"}}))}), email);
}

TEST_P(StoreTest, PreparingHoldsStoredDocumentsToANewDeclaration) {
    write(store(), {create(person(1, {{"town", "Sur"}})), create(person(2, {{"town", "Sur"}}))});
    Collection stricter = people();
    stricter.unique.push_back({"town"});
    try {
        store().prepare({stricter});
        FAIL() << "two live in Sur";
    } catch (const Unfit& unfit) {
        ASSERT_EQ(unfit.total, 1u);
        EXPECT_EQ(unfit.first[0].collection, people().name);
        EXPECT_EQ(unfit.first[0].reason.find("has the same town as "), 0u) << unfit.first[0].reason;
    }
    write(store(), create(person(3, {{"town", "Sur"}})));  // the declaration before still holds
    write(store(), {soft_delete(by_id(1)), update(by_id(3), {{"town", nullptr}})});
    store().prepare({stricter});
    EXPECT_EQ(duplicate(store(), {create(person(4, {{"town", "Sur"}}))}), Names{"town"});
}

TEST_P(StoreTest, PreparingForgetsADeclarationThatIsGone) {
    write(store(), create(person(1, {{"email", "a@x.y"}})));
    store().prepare({collection(people().name)});
    write(store(), create(person(2, {{"email", "a@x.y"}})));
    EXPECT_THROW(store().prepare({people()}), Unfit);
    write(store(), hard_delete(by_id(1)));
    store().prepare({people()});
    EXPECT_EQ(duplicate(store(), {create(person(3, {{"email", "a@x.y"}}))}), email);
}

TEST_P(StoreTest, PreparingFoldsAnew) {
    store().prepare({collection(people().name, {{"email"}})});
    write(store(), {create(person(1, {{"email", "a@x.y"}})), create(person(2, {{"email", "A@x.y"}}))});
    EXPECT_THROW(store().prepare({people()}), Unfit);
}

}  // namespace limp::store
