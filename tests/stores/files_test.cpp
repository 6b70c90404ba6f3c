// The bytes of files stay as long as a stored document names them, and no longer.
#include <map>
#include <random>
#include <set>

#include "store_test.hpp"

namespace limp::store {

namespace {

// What an attr of type file has, of the file of that number.
Value named(int number) {
    return Object{{"name", "a.png"}, {"__file", id(number)}};
}

// A person with a photo whose bytes come in the same batch, in the order that calls have.
std::vector<Change> person_with_photo(int number, int photo, const std::string& bytes) {
    return {create(person(number, {{"photo", named(photo)}})), file(id(photo), bytes)};
}

}  // namespace

TEST_P(StoreTest, AFileStaysWhileADocumentNamesIt) {
    write(store(), person_with_photo(1, 101, "bytes"));
    write(store(), update(by_id(1), {{"age", 1}}));
    EXPECT_EQ(file_of(store(), id(101)), "bytes");
    write(store(), soft_delete(by_id(1)));
    EXPECT_EQ(file_of(store(), id(101)), "bytes");
}

TEST_P(StoreTest, AFileThatIsReplacedGoes) {
    write(store(), person_with_photo(1, 101, "one"));
    write(store(), {update(by_id(1), {{"photo", named(102)}}), file(id(102), "two")});
    EXPECT_EQ(file_of(store(), id(101)), std::nullopt);
    EXPECT_EQ(file_of(store(), id(102)), "two");
    write(store(), update(by_id(1), {{"photo", nullptr}}));
    EXPECT_EQ(file_of(store(), id(102)), std::nullopt);
}

TEST_P(StoreTest, AFileGoesWithTheLastDocumentThatNamesIt) {
    write(store(), person_with_photo(1, 101, "bytes"));
    write(store(), create(person(2, {{"photo", named(101)}, {"scans", List{named(101), named(101)}}})));
    write(store(), update(by_id(2), {{"photo", nullptr}}));
    write(store(), hard_delete(by_id(1)));
    EXPECT_EQ(file_of(store(), id(101)), "bytes");
    write(store(), hard_delete(by_id(2)));
    EXPECT_EQ(file_of(store(), id(101)), std::nullopt);
}

TEST_P(StoreTest, FilesWithEqualBytesGoOneByOne) {
    write(store(), person_with_photo(1, 101, "same"));
    write(store(), person_with_photo(2, 102, "same"));
    write(store(), hard_delete(by_id(1)));
    EXPECT_EQ(file_of(store(), id(101)), std::nullopt);
    EXPECT_EQ(file_of(store(), id(102)), "same");
    write(store(), person_with_photo(3, 103, "same"));
    write(store(), hard_delete(by_id(2)));
    EXPECT_EQ(file_of(store(), id(103)), "same");
}

TEST_P(StoreTest, FilesAreFoundInsideListsAndObjects) {
    write(
        store(), {create(person(1, {{"scans", List{named(101), Object{{"page", named(102)}}}}})), file(id(101), "one"),
                  file(id(102), "two")}
    );
    write(store(), update(by_id(1), {{"scans", List{Object{{"page", named(102)}}}}}));
    EXPECT_EQ(file_of(store(), id(101)), std::nullopt);
    EXPECT_EQ(file_of(store(), id(102)), "two");
}

TEST_P(StoreTest, AFileThatMovesWithinABatchStays) {
    write(store(), person_with_photo(1, 101, "bytes"));
    write(store(), {hard_delete(by_id(1)), create(person(2, {{"photo", named(101)}}))});
    EXPECT_EQ(file_of(store(), id(101)), "bytes");
    write(store(), {update(by_id(2), {{"photo", nullptr}}), update(by_id(2), {{"scans", List{named(101)}}})});
    EXPECT_EQ(file_of(store(), id(101)), "bytes");
}

TEST_P(StoreTest, WhatOnlyLooksLikeAFileNamesNone) {
    write(store(), person_with_photo(1, 101, "bytes"));
    write(store(), create(person(2, {{"notes", named(101)}})));
    write(store(), hard_delete(by_id(2)));
    EXPECT_EQ(file_of(store(), id(101)), "bytes");
    write(store(), create(person(3, {{"notes", named(101)}})));
    write(store(), hard_delete(by_id(1)));
    EXPECT_EQ(file_of(store(), id(101)), std::nullopt);
}

TEST_P(StoreTest, ADocumentMayNameAFileThatIsNotThere) {
    write(store(), create(person(1, {{"photo", named(101)}})));
    EXPECT_EQ(file_of(store(), id(101)), std::nullopt);
    write(store(), hard_delete(by_id(1)));
    EXPECT_EQ(file_of(store(), id(101)), std::nullopt);
}

TEST_P(StoreTest, ABatchThatFailsLeavesTheFilesAsTheyWere) {
    write(store(), person_with_photo(1, 101, "one"));
    write(store(), person_with_photo(2, 102, "two"));
    Change no_match = update(by_id(9), {{"age", 1}});
    no_match.must_match = true;
    EXPECT_THROW(
        write(
            store(), {hard_delete(by_id(1)), update(by_id(2), {{"photo", named(103)}}), file(id(103), "three"),
                      file(id(102), "other"), no_match}
        ),
        NoMatch
    );
    EXPECT_EQ(file_of(store(), id(101)), "one");
    EXPECT_EQ(file_of(store(), id(102)), "two");
    EXPECT_EQ(file_of(store(), id(103)), std::nullopt);
    // The failed one has left nothing in the counts either.
    write(store(), update(by_id(1), {{"age", 1}}));
    EXPECT_EQ(file_of(store(), id(101)), "one");
    write(store(), hard_delete(by_id(1)));
    EXPECT_EQ(file_of(store(), id(101)), std::nullopt);
}

TEST_P(StoreTest, BytesThatAreGivenAnewReplaceTheOldOnes) {
    write(store(), person_with_photo(1, 101, "one"));
    write(store(), file(id(101), "two"));
    EXPECT_EQ(file_of(store(), id(101)), "two");
    write(store(), {file(id(101), "three"), file(id(101), "four")});
    EXPECT_EQ(file_of(store(), id(101)), "four");
    write(store(), hard_delete(by_id(1)));
    EXPECT_EQ(file_of(store(), id(101)), std::nullopt);
}

TEST_P(StoreTest, FilesFollowTheAttrsThatAreDeclaredToHoldThem) {
    write(store(), person_with_photo(1, 101, "one"));
    write(store(), {create(person(2, {{"notes", named(102)}})), file(id(102), "two")});
    write(store(), person_with_photo(3, 103, "three"));
    write(store(), soft_delete(by_id(3)));

    Collection other = people();
    other.files = {"notes"};
    store().prepare({other});
    EXPECT_EQ(file_of(store(), id(101)), "one");  // what an attr held stays when it is declared no more
    EXPECT_EQ(file_of(store(), id(102)), "two");
    EXPECT_EQ(file_of(store(), id(103)), "three");
    write(store(), {update(by_id(2), {{"notes", nullptr}}), hard_delete(by_id(1))});
    EXPECT_EQ(file_of(store(), id(101)), std::nullopt);
    EXPECT_EQ(file_of(store(), id(102)), std::nullopt);
}

TEST_P(StoreTest, AFileStaysWhenItsAttrIsRenamed) {
    write(store(), person_with_photo(1, 101, "one"));
    Collection renamed = people();
    renamed.files = {"picture"};
    renamed.shape = "photo is picture now";
    renamed.revise = [](const Document& document) {
        Revision revision{document, {}, {}};
        revision.document.append("picture", *document.find("photo"));
        revision.document.erase("photo");
        return revision;
    };
    store().prepare({renamed});
    EXPECT_EQ(file_of(store(), id(101)), "one");
    write(store(), update(by_id(1), {{"picture", nullptr}}));
    EXPECT_EQ(file_of(store(), id(101)), std::nullopt);
}

// Random batches over a few persons and photos, beside a model that looks at all documents each time.
TEST_P(StoreTest, FilesAreThereExactlyWhenADocumentNamesThem) {
    constexpr int persons = 5;
    std::mt19937 random(17);
    const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    std::map<int, int> photo_of;  // by the person's number
    int photos = 0;
    for (int person_number = 1; person_number <= persons; ++person_number) {
        photo_of[person_number] = ++photos;
        write(store(), person_with_photo(person_number, 100 + photos, "same"));
    }
    for (int round = 0; round < 200; ++round) {
        std::map<int, int> photo_after = photo_of;
        std::vector<Change> batch;
        for (int change = pick(3); change >= 0; --change) {
            const int number = pick(persons) + 1;
            const bool is_new = pick(2) == 0;
            const int photo = is_new ? ++photos : photo_after[pick(persons) + 1];
            batch.push_back(update(by_id(number), {{"photo", named(100 + photo)}}));
            if (is_new) batch.push_back(file(id(100 + photo), pick(2) == 0 ? "same" : std::to_string(photo)));
            photo_after[number] = photo;
        }
        if (pick(4) == 0) {
            Change fails = update(by_id(9), {{"age", 1}});
            fails.must_match = true;
            batch.push_back(fails);
            EXPECT_THROW(write(store(), batch), NoMatch);
        } else {
            write(store(), batch);
            photo_of = photo_after;
        }
        std::set<int> there;
        for (const auto& [number, photo] : photo_of) there.insert(photo);
        for (int photo = 1; photo <= photos; ++photo)
            ASSERT_EQ(file_of(store(), id(100 + photo)).has_value(), there.contains(photo)) << round << ' ' << photo;
    }
}

}  // namespace limp::store
