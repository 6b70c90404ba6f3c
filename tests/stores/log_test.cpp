// The change log: every batch that changed something, once, in order, and nothing else.
#include <algorithm>
#include <mutex>

#include "base/loop.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

using Kind = LoggedChange::Kind;

LogPage log(Store& store, std::int64_t after = 0, std::size_t limit = 100) {
    return base::run_to_end(store.log(after, limit));
}

// What the newest batch did.
std::vector<LoggedChange> newest(Store& store) {
    const LogPage page = log(store);
    return page.batches.empty() ? std::vector<LoggedChange>() : page.batches.back().changes;
}

LoggedChange logged(Kind kind, int number, Document before = {}, std::vector<std::string> added = {}) {
    return {kind, people().name, id(number), std::move(before), std::move(added)};
}

std::vector<std::int64_t> numbers(const LogPage& page) {
    std::vector<std::int64_t> numbers;
    for (const LoggedBatch& batch : page.batches) numbers.push_back(batch.number);
    return numbers;
}

}  // namespace

TEST_P(StoreTest, ANewStoreHasAnEmptyLog) {
    const LogPage page = log(store());
    EXPECT_EQ(page.last, 0);
    EXPECT_FALSE(page.too_late);
    EXPECT_TRUE(page.batches.empty());
}

TEST_P(StoreTest, ABatchIsLoggedAsOne) {
    write(store(), {create(person(1)), create(person(2)), credential(id(1), "hash")});
    write(store(), create(person(3)));
    const LogPage page = log(store());
    EXPECT_EQ(page.last, 2);
    ASSERT_EQ(numbers(page), (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(
        page.batches[0].changes, (std::vector<LoggedChange>{
                                     logged(Kind::create, 1),
                                     logged(Kind::create, 2),
                                     {Kind::credential, "", id(1), {}, {}},
                                 })
    );
    EXPECT_GT(page.batches[0].time_ms, 1'600'000'000'000);
}

TEST_P(StoreTest, AnUpdateIsLoggedWithWhatWasThereBefore) {
    write(store(), create(person(1, {{"name", "Ann"}, {"age", 40}, {"town", "Sur"}})));
    write(store(), update(by_id(1), {{"name", "Bea"}, {"age", 40}, {"town", nullptr}, {"tags", List{"x"}}}));
    EXPECT_EQ(
        newest(store()),
        (std::vector<LoggedChange>{logged(Kind::update, 1, {{"name", "Ann"}, {"town", "Sur"}}, {"tags"})})
    );
}

TEST_P(StoreTest, DeletionsAreLogged) {
    write(store(), create(person(1, {{"name", "Ann"}})));
    write(store(), soft_delete(by_id(1)));
    EXPECT_EQ(newest(store()), (std::vector<LoggedChange>{logged(Kind::soft_delete, 1)}));
    write(store(), create(person(2, {{"name", "Bea"}})));
    write(store(), hard_delete(by_id(2)));
    EXPECT_EQ(
        newest(store()),
        (std::vector<LoggedChange>{logged(Kind::hard_delete, 2, person(2, {{"name", "Bea"}, {"_rev", 1}}))})
    );
}

TEST_P(StoreTest, WhatChangesNothingHasNoNumber) {
    write(store(), create(person(1, {{"email", "a@x.y"}})));
    write(store(), update(by_id(1), {{"email", "a@x.y"}}));
    write(store(), soft_delete(by_id(7)));
    duplicate(store(), {create(person(2)), create(person(3, {{"email", "a@x.y"}}))});
    store().prepare({people()});
    EXPECT_EQ(log(store()).last, 1);
    write(store(), create(person(4)));
    EXPECT_EQ(numbers(log(store())), (std::vector<std::int64_t>{1, 2}));
}

TEST_P(StoreTest, TheLogIsReadPageByPage) {
    for (int number = 1; number <= 5; ++number) write(store(), create(person(number)));
    EXPECT_EQ(numbers(log(store(), 0, 2)), (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(numbers(log(store(), 2, 2)), (std::vector<std::int64_t>{3, 4}));
    EXPECT_EQ(numbers(log(store(), 4, 2)), (std::vector<std::int64_t>{5}));
    EXPECT_TRUE(log(store(), 5, 2).batches.empty());
    EXPECT_FALSE(log(store(), 5, 2).too_late);
    EXPECT_EQ(log(store(), 0, 2).last, 5);
}

TEST_P(StoreTest, WhoComesTooLateIsTold) {
    constexpr int batches = 3'000;
    const Folder folder;
    const std::unique_ptr<Store> store = GetParam().open(folder, {.log_batches = 100});
    store->prepare({people()});
    run_at_once(batches, [&](int number) -> Task<> {
        Batch batch;
        batch.changes.push_back(create(person(number)));
        co_await store->write(std::move(batch));
    });
    EXPECT_TRUE(log(*store, 0).too_late);
    EXPECT_TRUE(log(*store, 0).batches.empty());
    EXPECT_EQ(log(*store, 0).last, batches);
    const LogPage recent = log(*store, batches - 100);
    EXPECT_FALSE(recent.too_late);
    EXPECT_EQ(recent.batches.size(), 100u);
    EXPECT_EQ(recent.batches.front().number, batches - 99);
}

TEST_P(StoreTest, ListenersLearnOfEachBatchInOrderBeforeItIsAnswered) {
    const Folder folder;
    const std::unique_ptr<Store> store = GetParam().open(folder, {});
    std::mutex mutex;
    std::vector<LoggedBatch> heard;
    store->on_commit([&](const LoggedBatch& batch) {
        const std::lock_guard lock(mutex);
        heard.push_back(batch);
    });
    store->prepare({people()});
    const auto has_heard = [&](int number) {
        const std::lock_guard lock(mutex);
        return std::ranges::any_of(heard, [&](const LoggedBatch& batch) { return batch.changes[0].id == id(number); });
    };
    run_on_threads(4, 50, [&](int number) -> Task<> {
        Batch batch;
        batch.changes.push_back(create(person(number)));
        co_await store->write(std::move(batch));
        EXPECT_TRUE(has_heard(number));
    });
    EXPECT_EQ(heard, log(*store, 0, 1'000).batches);
    EXPECT_EQ(heard.size(), 200u);
}

}  // namespace limp::store
