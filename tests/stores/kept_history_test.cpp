#include "base/loop.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

constexpr const char* entries = "entries";

limp::History history() {
    return {entries, "person", id(77), "2026-11-22T13:11:00.123Z", {"photo"}};
}

Change remembered(Change change) {
    change.history = history();
    return change;
}

void prepare_entries(Store& store) {
    store.prepare({people(), collection(entries)});
}

// Without their ids, which are others each time.
std::vector<Document> kept(Store& store) {
    Query query;
    query.sort = {{{"_id"}, false, {}}};
    std::vector<Document> documents = base::run_to_end(store.read(entries, query)).docs;
    for (Document& document : documents) document.erase("_id");
    return documents;
}

Document entry(int of, Document before, Document after) {
    return {
        {"module", "person"},
        {"doc", id(of)},
        {"rev", 2},
        {"user", id(77)},
        {"time", "2026-11-22T13:11:00.123Z"},
        {"vars", std::move(before)},
        {"to", std::move(after)},
        {"_rev", 1},
    };
}

}  // namespace

TEST_P(StoreTest, HistoryHasWhatAnUpdateChanged) {
    prepare_entries(store());
    write(store(), create(person(1, {{"name", "Ann"}, {"age", 3}, {"town", "Sur"}})));
    write(store(), remembered(update(by_id(1), {{"name", "Bea"}, {"age", nullptr}, {"tall", true}, {"town", "Sur"}})));
    EXPECT_EQ(
        kept(store()),
        (std::vector<Document>{entry(
            1, {{"name", "Ann"}, {"age", 3}, {"tall", nullptr}}, {{"name", "Bea"}, {"age", nullptr}, {"tall", true}}
        )})
    );
}

TEST_P(StoreTest, HistoryHasOneEntryForEachDocumentThatChanged) {
    prepare_entries(store());
    write(store(), {create(person(1, {{"age", 1}})), create(person(2, {{"age", 2}})), create(person(3, {{"age", 3}}))});
    Change change = remembered(update({}, {{"age", 2}}));
    change.sort = {{{"_id"}, false, {}}};
    EXPECT_EQ(write(store(), change).modified, 2);
    EXPECT_EQ(
        kept(store()),
        (std::vector<Document>{entry(1, {{"age", 1}}, {{"age", 2}}), entry(3, {{"age", 3}}, {{"age", 2}})})
    );
}

TEST_P(StoreTest, HistoryHoldsNoFiles) {
    prepare_entries(store());
    const Value photo = Object{{"__file", id(50)}};
    write(store(), {file(id(50), "bytes"), create(person(1, {{"photo", photo}}))});
    write(store(), remembered(update(by_id(1), {{"photo", nullptr}})));
    EXPECT_EQ(kept(store()), (std::vector<Document>{entry(1, {{"photo", nullptr}}, {{"photo", nullptr}})}));
    EXPECT_EQ(file_of(store(), id(50)), std::nullopt);
}

TEST_P(StoreTest, HistoryIsTakenBackWithItsBatch) {
    prepare_entries(store());
    write(store(), {create(person(1, {{"email", "a@x.y"}})), create(person(2))});
    duplicate(store(), {remembered(update(by_id(2), {{"age", 1}})), create(person(3, {{"email", "a@x.y"}}))});
    EXPECT_EQ(kept(store()), std::vector<Document>{});
}

TEST_P(StoreTest, HistoryGoesWithADocumentThatIsDeletedForGood) {
    prepare_entries(store());
    write(store(), {create(person(1)), create(person(2))});
    write(store(), remembered(update({}, {{"age", 1}})));
    write(store(), soft_delete(by_id(2)));
    EXPECT_EQ(kept(store()).size(), 2u);
    write(store(), remembered(hard_delete(by_id(1))));
    EXPECT_EQ(kept(store()), (std::vector<Document>{entry(2, {{"age", nullptr}}, {{"age", 1}})}));
}

}  // namespace limp::store
