#include <set>

#include "base/loop.hpp"
#include "sqlite_test.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

Change numbered(int number, Document attrs = {}) {
    Change change = create(person(number, std::move(attrs)));
    change.numbers = {{"no", "INV-", 3, "/A"}};
    return change;
}

std::string number_of(Store& store, int number) {
    return find(store, number)->find("no")->string();
}

}  // namespace

TEST_P(StoreTest, NumbersAreGivenInOrder) {
    const Changed changed = write(store(), numbered(1));
    EXPECT_EQ(changed.numbered, (Document{{"no", "INV-001/A"}}));
    write(store(), {numbered(2), numbered(3)});
    EXPECT_EQ(find(store(), 1), person(1, {{"no", "INV-001/A"}, {"_rev", 1}}));
    EXPECT_EQ(number_of(store(), 3), "INV-003/A");
}

TEST_P(StoreTest, EachAttrHasNumbersOfItsOwn) {
    write(store(), numbered(1));
    Change change = numbered(2);
    change.numbers.push_back({"ticket", "", 1, ""});
    EXPECT_EQ(write(store(), change).numbered, (Document{{"no", "INV-002/A"}, {"ticket", "1"}}));
}

TEST_P(StoreTest, ABatchThatFailsGivesItsNumbersBack) {
    write(store(), numbered(1, {{"email", "a@x.y"}}));
    duplicate(store(), {numbered(2), numbered(3, {{"email", "a@x.y"}})});
    write(store(), numbered(4));
    EXPECT_EQ(number_of(store(), 4), "INV-002/A");
}

TEST_P(StoreTest, TheNumberOfADeletedDocumentIsNotGivenAgain) {
    write(store(), {numbered(1), hard_delete(by_id(1))});
    write(store(), numbered(2));
    EXPECT_EQ(number_of(store(), 2), "INV-002/A");
}

TEST_P(StoreTest, NoNumberIsGivenTwiceToWritersAtOnce) {
    constexpr int threads = 4;
    constexpr int each = 25;
    run_on_threads(threads, each, [&](int number) -> Task<> {
        Batch batch;
        batch.changes.push_back(numbered(number));
        co_await store().write(std::move(batch));
    });
    std::set<std::string> numbers;
    const Found found = read(store());
    for (const Document& document : found.docs) numbers.insert(document.find("no")->string());
    EXPECT_EQ(numbers.size(), std::size_t{threads * each});
    EXPECT_EQ(*numbers.rbegin(), "INV-100/A");
}

TEST(SqliteCounters, GoOnWhenTheFileIsOpenedAgain) {
    const Folder folder;
    for (int number = 1; number <= 3; ++number) {
        const std::unique_ptr<Store> store = open_sqlite(folder / "limp.db");
        store->prepare({people()});
        write(*store, numbered(number));
        EXPECT_EQ(number_of(*store, number), "INV-00" + std::to_string(number) + "/A");
    }
}

TEST(SqliteCounters, ComeToAFileThatHadNone) {
    const Folder folder;
    const auto open = [&] {
        std::unique_ptr<Store> store = open_sqlite(folder / "limp.db");
        store->prepare({people()});
        return store;
    };
    write(*open(), create(person(1)));
    shell(folder / "limp.db", "DROP TABLE limp_counters; PRAGMA user_version = 2");
    const std::unique_ptr<Store> store = open();
    EXPECT_EQ(shell(folder / "limp.db", "PRAGMA user_version"), "3\n");
    EXPECT_EQ(ids(read(*store)), ids({1}));
    EXPECT_EQ(write(*store, numbered(2)).numbered, (Document{{"no", "INV-001/A"}}));
}

}  // namespace limp::store
