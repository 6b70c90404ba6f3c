#include "store_test.hpp"

namespace limp::store {

TEST_P(StoreTest, ABatchAnswersForEachChange) {
    const std::vector<Changed> changed = write(
        store(), {create(person(1)), create(person(2)), update({}, {{"age", 1}}), credential(id(1), "hash"),
                  hard_delete(by_id(2))}
    );
    ASSERT_EQ(changed.size(), 5u);
    EXPECT_EQ(changed[2].matched, ids({2, 1}));
    EXPECT_EQ(changed[2].modified, 2);
    EXPECT_EQ(changed[3].matched, ids({}));
    EXPECT_EQ(changed[3].modified, 0);
    EXPECT_EQ(changed[4].matched, ids({2}));
}

TEST_P(StoreTest, AnEmptyBatchDoesNothing) {
    EXPECT_TRUE(write(store(), std::vector<Change>{}).empty());
}

TEST_P(StoreTest, LaterChangesSeeEarlierOnes) {
    write(
        store(),
        {create(person(1, {{"email", "a@x.y"}})), update(Filter::equal("email", "a@x.y"), {{"email", "b@x.y"}}),
         create(person(2, {{"email", "a@x.y"}})), soft_delete(Filter::equal("email", "a@x.y")),
         create(person(3, {{"email", "a@x.y"}})), hard_delete(by_id(1)), create(person(1, {{"age", 1}}))}
    );
    EXPECT_EQ(ids(read(store())), ids({3, 1}));
    EXPECT_EQ(find(store(), 1), person(1, {{"age", 1}, {"_rev", 1}}));
}

TEST_P(StoreTest, ABatchThatFailsStoresNothingOfIt) {
    write(
        store(), {create(person(1, {{"email", "a@x.y"}, {"age", 1}})), create(person(2, {{"age", 1}})),
                  create(person(3, {{"age", 1}})), credential(id(1), "old"), file(id(1), "old")}
    );
    const std::vector<Change> before_the_failure = {
        create(person(4, {{"email", "d@x.y"}})),
        credential(id(4), "hash"),
        credential(id(1), "new"),
        file(id(1), "new"),
        file(id(4), "new"),
        update(by_id(1), {{"email", "e@x.y"}}),
        soft_delete(by_id(2)),
        hard_delete(by_id(3)),
        credential(id(1), ""),
        update(by_id(1), {{"age", nullptr}}),
    };
    Change no_match = update(by_id(9), {{"age", 1}});
    no_match.must_match = true;
    Change moved_on = update(by_id(1), {{"age", 9}});
    moved_on.rev = 1;
    const auto batch_ending_with = [&](const Change& last) {
        std::vector<Change> batch = before_the_failure;
        batch.push_back(last);
        return batch;
    };
    EXPECT_THROW(write(store(), batch_ending_with(no_match)), NoMatch);
    EXPECT_THROW(write(store(), batch_ending_with(moved_on)), Conflict);
    EXPECT_THROW(write(store(), batch_ending_with(create(person(4)))), Conflict);
    EXPECT_THROW(write(store(), batch_ending_with(create({}))), std::invalid_argument);

    EXPECT_EQ(ids(read(store())), ids({3, 2, 1}));
    EXPECT_EQ(find(store(), 1), person(1, {{"email", "a@x.y"}, {"age", 1}, {"_rev", 1}}));
    EXPECT_EQ(find(store(), 2), person(2, {{"age", 1}, {"_rev", 1}}));
    EXPECT_EQ(credential_of(store(), id(1)), "old");
    EXPECT_EQ(credential_of(store(), id(4)), std::nullopt);
    EXPECT_EQ(file_of(store(), id(1)), "old");
    EXPECT_EQ(file_of(store(), id(4)), std::nullopt);
    duplicate(store(), {create(person(5, {{"email", "a@x.y"}}))});
    write(store(), {create(person(4, {{"email", "d@x.y"}})), create(person(6, {{"email", "e@x.y"}}))});
}

TEST_P(StoreTest, CredentialsAreSetReplacedAndRemoved) {
    EXPECT_EQ(credential_of(store(), id(1)), std::nullopt);
    write(store(), credential(id(1), "one"));
    EXPECT_EQ(credential_of(store(), id(1)), "one");
    write(store(), credential(id(1), "two"));
    EXPECT_EQ(credential_of(store(), id(1)), "two");
    write(store(), credential(id(1), ""));
    EXPECT_EQ(credential_of(store(), id(1)), std::nullopt);
    write(store(), credential(id(1), ""));
}

TEST_P(StoreTest, FilesAreAnyBytes) {
    EXPECT_EQ(file_of(store(), id(1)), std::nullopt);
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
    write(store(), file(id(1), bytes));
    EXPECT_EQ(file_of(store(), id(1)), bytes);
    write(store(), file(id(1), std::string(1, '\0')));
    EXPECT_EQ(file_of(store(), id(1)), std::string(1, '\0'));
    write(store(), file(id(1), ""));
    EXPECT_EQ(file_of(store(), id(1)), "");
    const std::string large(3'000'000, '\x80');
    write(store(), file(id(2), large));
    EXPECT_EQ(file_of(store(), id(2)), large);
}

}  // namespace limp::store
