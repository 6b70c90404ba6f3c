// prepare() over documents that are there: they are brought to the declaration, all of them or none.
#include <stdexcept>
#include <utility>

#include "base/loop.hpp"
#include "store/stores.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

using Names = std::vector<std::string>;
using Revise = std::function<Revision(const Document&)>;

// The collection of people, of that shape, with documents revised so.
Collection revised(const std::string& shape, Revise revise) {
    Collection made = people();
    made.shape = shape;
    made.revise = std::move(revise);
    return made;
}

// "age" is needed: 0 where it is missing.
Collection with_age() {
    return revised("age", [](const Document& document) {
        Revision revision{document, {}, {}};
        if (document.contains("age")) return revision;
        revision.document["age"] = 0;
        revision.notes = {"age is 0"};
        return revision;
    });
}

// "age" is needed, and nobody knows what it should be.
Collection needing_age() {
    return revised("needed", [](const Document& document) {
        return Revision{document, {}, document.contains("age") ? "" : "needs age"};
    });
}

// What was "name" is "title".
Collection with_title() {
    Collection made = revised("title", [](const Document& document) {
        Revision revision{document, {}, {}};
        for (Member& member : revision.document) {
            if (member.name != "name") continue;
            member.name = "title";
            revision.notes = {"name is title"};
        }
        return revision;
    });
    made.unique = {{"title"}};
    return made;
}

Collection pets(Revise revise) {
    Collection made = collection("pet");
    made.shape = "pet";
    made.revise = std::move(revise);
    return made;
}

LogPage log(Store& store) {
    return base::run_to_end(store.log(0, 1'000));
}

Unfit unfit(Store& store, const std::vector<Collection>& collections) {
    try {
        store.prepare(collections);
    } catch (const Unfit& unfit) {
        return unfit;
    }
    ADD_FAILURE() << "everything fits";
    return {{}, 0};
}

}  // namespace

TEST_P(StoreTest, UpkeepRevisesEveryDocument) {
    write(store(), {create(person(1)), create(person(2, {{"age", 7}})), create(person(3))});
    EXPECT_EQ(store().prepare({with_age()}).done, Names{"person: age is 0 (2 documents)"});
    EXPECT_EQ(find(store(), 1), person(1, {{"age", 0}, {"_rev", 2}}));
    EXPECT_EQ(find(store(), 2), person(2, {{"age", 7}, {"_rev", 1}}));
    EXPECT_EQ(ids(read(store(), Filter::equal("age", 0))), ids({3, 1}));
}

TEST_P(StoreTest, UpkeepIsOneBatchOfTheLog) {
    write(store(), {create(person(1, {{"name", "Ann"}})), create(person(2)), create(person(3, {{"name", "Bo"}}))});
    std::vector<LoggedBatch> heard;
    store().on_commit([&](const LoggedBatch& batch) { heard.push_back(batch); });
    store().prepare({with_title()});
    const LogPage page = log(store());
    ASSERT_EQ(page.last, 2);
    const auto renamed = [](int number, const char* name) {
        return LoggedChange{LoggedChange::Kind::update, "person", id(number), {{"name", name}}, {"title"}};
    };
    EXPECT_EQ(page.batches.back().changes, (std::vector<LoggedChange>{renamed(1, "Ann"), renamed(3, "Bo")}));
    EXPECT_EQ(heard, std::vector<LoggedBatch>{page.batches.back()});
}

TEST_P(StoreTest, ASecondUpkeepDoesNothing) {
    write(store(), create(person(1)));
    store().prepare({with_age()});
    Collection again = with_age();
    again.revise = [](const Document&) -> Revision { throw std::logic_error("nobody asked"); };
    const Prepared prepared = store().prepare({again});
    EXPECT_EQ(prepared.done, Names{});
    EXPECT_EQ(prepared.warnings, Names{});
    EXPECT_EQ(log(store()).last, 2);
    EXPECT_EQ(find(store(), 1), person(1, {{"age", 0}, {"_rev", 2}}));
}

TEST_P(StoreTest, UpkeepThatChangesNothingIsNotLogged) {
    write(store(), create(person(1, {{"name", "Ann"}})));
    const Collection noted =
        revised("noted", [](const Document& document) { return Revision{document, {"name stays"}, {}}; });
    EXPECT_EQ(store().prepare({noted}).done, Names{"person: name stays (1 document)"});
    EXPECT_EQ(find(store(), 1), person(1, {{"name", "Ann"}, {"_rev", 1}}));
    EXPECT_EQ(log(store()).last, 1);
}

TEST_P(StoreTest, DocumentsThatDoNotFitStopTheUpkeepAsAWhole) {
    write(store(), {create(person(1, {{"email", "a@x.y"}})), create(person(2, {{"age", 7}})), create(person(3))});
    const Unfit error = unfit(store(), {needing_age()});
    EXPECT_EQ(error.total, 2u);
    ASSERT_EQ(error.first.size(), 2u);
    EXPECT_EQ(error.first[0].collection, "person");
    EXPECT_EQ(error.first[0].id, id(1));
    EXPECT_EQ(error.first[0].reason, "needs age");
    EXPECT_EQ(error.first[1].id, id(3));

    // As declared before, and nothing to do.
    EXPECT_EQ(log(store()).last, 1);
    EXPECT_EQ(duplicate(store(), {create(person(4, {{"email", "A@x.y"}}))}), Names{"email"});
    EXPECT_EQ(store().prepare({people()}).done, Names{});
    write(store(), {update(by_id(1), {{"age", 1}}), update(by_id(3), {{"age", 1}})});
    EXPECT_EQ(store().prepare({needing_age()}).done, Names{});
}

TEST_P(StoreTest, TheFirstOfManyMisfitsAreNamed) {
    std::vector<Change> many;
    for (int number = 1; number <= 30; ++number) many.push_back(create(person(number)));
    write(store(), std::move(many));
    const Unfit error = unfit(store(), {needing_age()});
    EXPECT_EQ(error.total, 30u);
    EXPECT_EQ(error.first.size(), 20u);
}

TEST_P(StoreTest, UpkeepTakesTheUniqueKeysOfRevisedDocuments) {
    write(store(), {create(person(1, {{"name", "Ann"}})), create(person(2, {{"title", "Bo"}}))});
    store().prepare({with_title()});
    EXPECT_EQ(duplicate(store(), {create(person(3, {{"title", "Ann"}}))}), Names{"title"});
    EXPECT_EQ(duplicate(store(), {create(person(3, {{"title", "Bo"}}))}), Names{"title"});
    EXPECT_EQ(ids(read(store(), Filter::equal("title", "Ann"))), ids({1}));
}

TEST_P(StoreTest, DocumentsThatWouldShareAUniqueValueAreBothNamed) {
    write(store(), {create(person(1, {{"name", "Ann"}})), create(person(2, {{"title", "Ann"}}))});
    const Unfit error = unfit(store(), {with_title()});
    ASSERT_EQ(error.total, 1u);
    EXPECT_EQ(error.first[0].id, id(2));
    EXPECT_EQ(error.first[0].reason, "has the same title as " + id(1) + ", which must be unique");
    EXPECT_EQ(find(store(), 1), person(1, {{"name", "Ann"}, {"_rev", 1}}));
}

TEST_P(StoreTest, UpkeepPassesOverSoftDeletedDocuments) {
    write(store(), {create(person(1)), soft_delete(by_id(1))});
    EXPECT_EQ(store().prepare({needing_age()}).done, Names{});
    EXPECT_EQ(log(store()).last, 1);
}

TEST_P(StoreTest, SeveralCollectionsAreBroughtUpTogetherOrNotAtAll) {
    write(store(), create(person(1)));
    store().prepare({people(), collection("pet")});
    Change pet = create(person(1));
    pet.collection = "pet";
    write(store(), pet);

    const Collection bad = pets([](const Document& document) { return Revision{document, {}, "is a cat"}; });
    EXPECT_EQ(unfit(store(), {with_age(), bad}).first[0].collection, "pet");
    EXPECT_EQ(find(store(), 1), person(1, {{"_rev", 1}}));

    const Collection good = pets([](const Document& document) {
        Revision revision{document, {"is a cat"}, {}};
        revision.document["kind"] = "cat";
        return revision;
    });
    EXPECT_EQ(
        store().prepare({with_age(), good}).done, (Names{"person: age is 0 (1 document)", "pet: is a cat (1 document)"})
    );
    EXPECT_EQ(log(store()).last, 3);
}

TEST_P(StoreTest, UpkeepOfMoreDocumentsThanAreReadAtOnce) {
    std::vector<Change> many;
    for (int number = 1; number <= 600; ++number) many.push_back(create(person(number)));
    write(store(), std::move(many));
    EXPECT_EQ(store().prepare({with_age()}).done, Names{"person: age is 0 (600 documents)"});
    EXPECT_EQ(read(store(), Filter::equal("age", 0)).total, 600);
    EXPECT_EQ(log(store()).batches.back().changes.size(), 600u);
}

TEST_P(StoreTest, UpkeepSaysWhatIsUniqueAndIndexedNow) {
    Collection other = collection(people().name, {{"email"}}, {"email"});
    other.columns = {{"age", Collection::Column::Holds::integer, false}, {"town", {}, false}};
    other.indexes = {{"age", "town"}};
    EXPECT_EQ(
        store().prepare({other}).done,
        (Names{R"(person: "owner" with "name" is no longer unique)", R"(person: "age" with "town" is indexed now)"})
    );
    EXPECT_EQ(
        store().prepare({people()}).done,
        (Names{R"(person: "owner" with "name" is unique now)", R"(person: "age" with "town" is no longer indexed)"})
    );
}

TEST_P(StoreTest, CollectionsThatNobodyDeclaresAreLeftAloneAndWarnedOf) {
    EXPECT_EQ(store().prepare({collection("pet")}).warnings, Names{});  // no documents, no warning
    write(store(), {create(person(1)), create(person(2)), soft_delete(by_id(2))});
    const Prepared prepared = store().prepare({collection("pet")});
    EXPECT_EQ(prepared.done, Names{});
    EXPECT_EQ(prepared.warnings, Names{"no module declares the collection person, which has 1 document"});
    EXPECT_EQ(store().prepare({people(), collection("pet")}).warnings, Names{});
    EXPECT_EQ(ids(read(store())), ids({1}));
}

TEST(SqliteUpkeep, ThatFailsInTheMiddleLeavesTheFileAsItWas) {
    const Folder folder;
    {
        const std::unique_ptr<Store> store = open_sqlite(folder / "limp.db");
        store->prepare({people()});
        write(*store, {create(person(1, {{"email", "a@x.y"}})), create(person(2)), create(person(3))});
        Collection failing = with_age();
        failing.unique = {};
        failing.revise = [&](const Document& document) {
            if (document.find("_id")->string() == id(3)) throw std::runtime_error("in the middle");
            return with_age().revise(document);
        };
        EXPECT_THROW(store->prepare({failing}), std::runtime_error);
        write(*store, create(person(4)));
    }
    const std::unique_ptr<Store> store = open_sqlite(folder / "limp.db");
    EXPECT_EQ(store->prepare({people()}).done, Names{});
    EXPECT_EQ(find(*store, 1), person(1, {{"email", "a@x.y"}, {"_rev", 1}}));
    EXPECT_EQ(duplicate(*store, {create(person(5, {{"email", "a@x.y"}}))}), Names{"email"});
    EXPECT_EQ(log(*store).last, 2);
}

TEST(SqliteUpkeep, IsRememberedWhenTheFileIsOpenedAgain) {
    const Folder folder;
    {
        const std::unique_ptr<Store> store = open_sqlite(folder / "limp.db");
        store->prepare({people()});
        write(*store, create(person(1)));
        store->prepare({with_age()});
    }
    const std::unique_ptr<Store> store = open_sqlite(folder / "limp.db");
    EXPECT_EQ(store->prepare({with_age()}).done, Names{});
    EXPECT_EQ(find(*store, 1), person(1, {{"age", 0}, {"_rev", 2}}));
    EXPECT_EQ(log(*store).last, 2);
}

}  // namespace limp::store
