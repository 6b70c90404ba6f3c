// What is read while others write: never older than what was answered, and all of it of one moment.
#include <algorithm>
#include <array>
#include <atomic>
#include <random>

#include "base/loop.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

constexpr int documents = 16;
constexpr int threads = 3;
constexpr int tasks = 8;
constexpr int steps = 100;

// For each document, the newest count that somebody was told is stored.
using Answered = std::array<std::atomic<std::int64_t>, documents>;

void raise(std::atomic<std::int64_t>& to, std::int64_t value) {
    std::int64_t seen = to.load();
    while (seen < value && !to.compare_exchange_weak(seen, value)) continue;
}

std::int64_t count_of(const Document& document) {
    return document.find("count")->integer();
}

// Documents stand in pairs that are always written together, with the same count.
Task<> write_pair(Store& store, int first, std::atomic<std::int64_t>& next, Answered& answered) {
    const std::int64_t count = ++next;
    Batch batch;
    for (const int number : {first, first + 1}) {
        batch.changes.push_back(update(by_id(number), {{"count", count}, {"text", std::string(200, 'x')}}));
        // Whoever comes second with an older count changes nothing.
        Condition older = condition("count", Condition::Operator::less, {count});
        batch.changes.back().filter.narrow(Filter::of(std::move(older)));
    }
    co_await store.write(std::move(batch));
    for (const int number : {first, first + 1}) raise(answered[static_cast<std::size_t>(number)], count);
}

Task<> read_one(Store& store, int number, const Answered& answered) {
    const std::int64_t floor = answered[static_cast<std::size_t>(number)].load();
    Query query;
    query.filter = by_id(number);
    const Found found = co_await store.read(people().name, std::move(query));
    EXPECT_EQ(found.docs.size(), 1u);
    EXPECT_GE(count_of(found.docs.at(0)), floor);
}

Query all_by_id() {
    std::vector<Value> ids;
    for (int number = 0; number < documents; ++number) ids.emplace_back(id(number));
    Query query;
    query.filter = Filter::in("_id", std::move(ids));
    query.sort = {{{"_id"}, false}};
    return query;
}

Query first_page() {
    Query query;
    query.limit = documents;
    query.count_to = documents + 1;
    return query;
}

// All of them: the longer a read takes, the more happens during it.
Task<> read_all(Store& store, Query query, const Answered& answered) {
    std::array<std::int64_t, documents> floor{};
    for (std::size_t number = 0; number < documents; ++number) floor[number] = answered[number].load();
    const bool is_newest_first = query.sort.empty();
    Found found = co_await store.read(people().name, std::move(query));
    if (is_newest_first) std::ranges::reverse(found.docs);
    EXPECT_EQ(found.total, documents);
    EXPECT_EQ(found.docs.size(), std::size_t{documents});
    for (std::size_t number = 0; number < documents; ++number) {
        EXPECT_EQ(count_of(found.docs.at(number)), count_of(found.docs.at(number / 2 * 2)));
        EXPECT_GE(count_of(found.docs.at(number)), floor[number]);
    }
}

Task<> walk(Store& store, unsigned seed, std::atomic<std::int64_t>& next, Answered& answered) {
    std::mt19937 random(seed);
    for (int step = 0; step < steps; ++step) {
        const int number = static_cast<int>(random() % documents);
        switch (random() % 5) {
            case 0:
                co_await write_pair(store, number / 2 * 2, next, answered);
                break;
            case 1:
                co_await read_all(store, all_by_id(), answered);
                break;
            case 2:
                co_await read_all(store, first_page(), answered);
                break;
            default:
                co_await read_one(store, number, answered);
        }
    }
}

void walk_at_once(Store& store) {
    for (int number = 0; number < documents; ++number) write(store, create(person(number, {{"count", 0}})));
    std::atomic<std::int64_t> next = 0;
    Answered answered{};
    run_on_threads(threads, tasks, [&](int number) {
        return walk(store, static_cast<unsigned>(number), next, answered);
    });
}

}  // namespace

TEST_P(StoreTest, ReadsAreNeverStaleAndOfOneMoment) {
    walk_at_once(store());
}

TEST_P(StoreTest, ReadsAreNeverStaleWhenLittleIsKeptInMemory) {
    const Folder folder;
    // Room for a document or two in each part of the cache: it is always filling and dropping.
    const std::unique_ptr<Store> store = GetParam().open(folder, {.cache_bytes = 64 * 1'200});
    store->prepare({people()});
    walk_at_once(*store);
}

TEST_P(StoreTest, ADocumentThatIsDeletedIsGoneAtOnce) {
    write(store(), {create(person(1)), create(person(2))});
    EXPECT_TRUE(find(store(), 1));
    EXPECT_TRUE(find(store(), 2));
    write(store(), {soft_delete(by_id(1)), hard_delete(by_id(2))});
    EXPECT_FALSE(find(store(), 1));
    EXPECT_FALSE(find(store(), 2));
    write(store(), create(person(2, {{"name", "again"}})));
    EXPECT_EQ(find(store(), 2), person(2, {{"name", "again"}, {"_rev", 1}}));
}

TEST_P(StoreTest, ADocumentIsOfItsCollectionAlone) {
    store().prepare({people(), collection("pet")});
    write(store(), create(person(1)));
    EXPECT_TRUE(find(store(), 1));
    Query query;
    query.filter = by_id(1);
    EXPECT_EQ(base::run_to_end(store().read("pet", query)).total, 0);
}

}  // namespace limp::store
