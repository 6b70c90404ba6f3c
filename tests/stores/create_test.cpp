#include "store_test.hpp"

namespace limp::store {

using Names = std::vector<std::string>;

TEST_P(StoreTest, CreateStoresTheDocumentWithItsFirstRevision) {
    const Document address = {{"city", "مسقط"}, {"empty", nullptr}};
    const Changed changed =
        write(store(), create(person(1, {{"name", "Ann"}, {"address", address}, {"tags", List{}}})));
    EXPECT_EQ(changed.matched, ids({1}));
    EXPECT_EQ(changed.modified, 1);
    EXPECT_EQ(find(store(), 1), person(1, {{"name", "Ann"}, {"address", address}, {"tags", List{}}, {"_rev", 1}}));
}

TEST_P(StoreTest, CreateKeepsKindsOfValuesApart) {
    const Document kinds = {
        {"int", std::int64_t{1} << 62}, {"real", 0.1}, {"whole", 2.0}, {"no", false}, {"null", nullptr},
        {"nul", std::string("a\0b", 3)}
    };
    write(store(), create(person(1, kinds)));
    const std::optional<Document> stored = find(store(), 1);
    ASSERT_TRUE(stored);
    for (const Member& attr : kinds) {
        ASSERT_TRUE(stored->contains(attr.name)) << attr.name;
        EXPECT_EQ(*stored->find(attr.name), attr.value) << attr.name;
    }
}

TEST_P(StoreTest, CreateSetsWhatTheStoreKeepsItself) {
    write(store(), create(person(1, {{"_rev", 7}, {"__deleted", true}})));
    EXPECT_EQ(find(store(), 1), person(1, {{"_rev", 1}}));
}

TEST_P(StoreTest, CreateRefusesATakenId) {
    write(store(), create(person(1, {{"name", "Ann"}})));
    EXPECT_EQ(duplicate(store(), {create(person(1, {{"name", "Bob"}}))}), Names{"_id"});
    EXPECT_EQ(*find(store(), 1)->find("name"), Value("Ann"));
}

TEST_P(StoreTest, CreateRefusesTheIdOfASoftDeletedDocument) {
    write(store(), create(person(1)));
    write(store(), soft_delete(by_id(1)));
    EXPECT_EQ(duplicate(store(), {create(person(1))}), Names{"_id"});
}

TEST_P(StoreTest, CreateNeedsAnIdAsText) {
    EXPECT_THROW(write(store(), create({{"name", "Ann"}})), std::invalid_argument);
    EXPECT_THROW(write(store(), create({{"_id", 1}})), std::invalid_argument);
    EXPECT_EQ(read(store()).total, 0);
}

TEST_P(StoreTest, TextThatIsNotUtf8IsAFault) {
    EXPECT_THROW(write(store(), create(person(1, {{"name", "\xff"}}))), std::invalid_argument);
    write(store(), create(person(2)));
    EXPECT_THROW(write(store(), update(by_id(2), {{"name", "\xff"}})), std::invalid_argument);
    EXPECT_EQ(find(store(), 2), person(2, {{"_rev", 1}}));
}

TEST_P(StoreTest, ACollectionThatWasNotEnsuredIsAFault) {
    Change change = create(person(1));
    change.collection = "stranger";
    EXPECT_THROW(write(store(), change), std::logic_error);
}

TEST_P(StoreTest, ACollectionHasAPlainName) {
    for (const char* name : {"", "Person", "a b", "a\"b", "a;b", "a-b", "é"})
        EXPECT_THROW(store().prepare({collection(name)}), std::invalid_argument) << name;
    for (const char* name : {"select", "0_9"}) {
        store().prepare({collection(name)});
        Change change = create(person(1));
        change.collection = name;
        EXPECT_EQ(write(store(), change).modified, 1);
    }
}

}  // namespace limp::store
