// The writer's groups: one transaction for many batches, and still each batch alone succeeds or fails.
#include "base/loop.hpp"
#include "sqlite_test.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

namespace fs = std::filesystem;

}  // namespace

TEST(SqliteWriter, AFailedBatchOfAGroupLeavesNothingAndTakesNobodyWithIt) {
    const Folder folder;
    const std::unique_ptr<Store> store = open_people(folder / "limp.db");
    int stored = 0;
    int refused = 0;
    // Every third has an e-mail that is taken, in its second change.
    run_at_once(300, [&](int number) -> Task<> {
        Batch batch;
        batch.changes.push_back(create(person(2 * number)));
        const std::string email = number % 3 == 0 ? "same@x.y" : std::to_string(number);
        batch.changes.push_back(create(person(2 * number + 1, {{"email", email}})));
        try {
            co_await store->write(std::move(batch));
            ++stored;
        } catch (const Conflict&) {
            ++refused;
        }
    });
    EXPECT_EQ(stored, 201);
    EXPECT_EQ(refused, 99);
    EXPECT_EQ(read(*store).total, 402);
    EXPECT_EQ(base::run_to_end(store->log(0, 1'000)).last, 201);
}

TEST(SqliteWriter, WhatWaitsWhenTheStoreClosesIsStored) {
    const Folder folder;
    base::Loop loop;
    std::unique_ptr<Store> store = open_people(folder / "limp.db");
    loop.post([&] {
        for (int number = 0; number < 50; ++number)
            base::spawn("test", [](Store& to, int count) -> Task<> {
                Batch batch;
                batch.changes.push_back(create(person(count)));
                co_await to.write(std::move(batch));
            }(*store, number));
        loop.stop();
    });
    loop.run();
    store.reset();
    EXPECT_EQ(read(*open_people(folder / "limp.db")).total, 50);
}

TEST(SqliteWriter, TheWriteAheadLogStaysBoundedUnderConstantWritesAndReads) {
    constexpr std::uintmax_t bound = 96 * 1024 * 1024;
    const Folder folder;
    const fs::path file = folder / "limp.db";
    const std::unique_ptr<Store> store = open_people(file);
    const std::string text(100'000, 'x');
    write(*store, create(person(0, {{"text", text}})));
    std::uintmax_t largest = 0;
    // About 300 MB of changes, with look-ups between so that somebody always reads from the log.
    run_at_once(8, [&](int) -> Task<> {
        for (int step = 0; step < 375; ++step) {
            Batch batch;
            batch.changes.push_back(update(by_id(0), {{"text", text + std::to_string(step)}}));
            co_await store->write(std::move(batch));
            Query query;
            query.filter = by_id(0);
            co_await store->read(people().name, std::move(query));
            largest = std::max(largest, fs::file_size(file.string() + "-wal"));
        }
    });
    EXPECT_GT(largest, 1'000'000u);
    EXPECT_LT(largest, bound);
}

}  // namespace limp::store
