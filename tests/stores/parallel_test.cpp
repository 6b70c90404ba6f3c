#include <atomic>
#include <thread>

#include "base/loop.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

Task<> sign_up(Store& store, int number, std::atomic<int>& stored, std::atomic<int>& refused) {
    Batch batch;
    batch.changes.push_back(create(person(number, {{"email", number % 2 ? "ann@x.y" : "ANN@X.Y"}})));
    const std::thread::id home = std::this_thread::get_id();
    try {
        co_await store.write(batch);
        ++stored;
    } catch (const Conflict&) {
        ++refused;
    }
    EXPECT_EQ(std::this_thread::get_id(), home);
}

Task<> count_up(Store& store) {
    for (;;) {
        Query query;
        query.filter = by_id(1);
        const Found found = co_await store.read(people().name, query);
        const Document& document = found.docs.at(0);
        Batch batch;
        batch.changes.push_back(update(by_id(1), {{"count", document.find("count")->integer() + 1}}));
        batch.changes.back().rev = document.find("_rev")->integer();
        try {
            co_await store.write(batch);
            co_return;
        } catch (const Conflict&) {
            continue;
        }
    }
}

Task<> write_then_read(Store& store, int number) {
    Batch batch;
    batch.changes.push_back(create(person(number)));
    co_await store.write(batch);
    Query query;
    query.filter = by_id(number);
    const Found found = co_await store.read(people().name, query);
    EXPECT_EQ(found.total, 1);
}

}  // namespace

TEST_P(StoreTest, OfAHundredCreatesWithOneEmailAtOnceOneIsStored) {
    std::atomic<int> stored = 0;
    std::atomic<int> refused = 0;
    run_on_threads(4, 25, [&](int number) { return sign_up(store(), number, stored, refused); });
    EXPECT_EQ(stored, 1);
    EXPECT_EQ(refused, 99);
    EXPECT_EQ(read(store()).total, 1);
}

TEST_P(StoreTest, ReadModifyWriteByRevisionLosesNothing) {
    write(store(), create(person(1, {{"count", 0}})));
    run_on_threads(4, 5, [&](int) { return count_up(store()); });
    EXPECT_EQ(find(store(), 1), person(1, {{"count", 20}, {"_rev", 21}}));
}

TEST_P(StoreTest, WhoHasWrittenReadsIt) {
    run_on_threads(4, 25, [&](int number) { return write_then_read(store(), number); });
    EXPECT_EQ(read(store()).total, 100);
}

}  // namespace limp::store
