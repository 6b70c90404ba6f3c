#include <functional>
#include <limits>
#include <stdexcept>

#include "base/loop.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

using Kind = Edit::Kind;

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

Edit edit(Kind kind, AttrPath path, Value value, std::int64_t index = 0) {
    return {std::move(path), kind, std::move(value), index};
}

Change edited(Filter filter, std::vector<Edit> edits) {
    Change change = update(std::move(filter), {});
    change.edits = std::move(edits);
    return change;
}

// What becomes of the value of "v" by that edit; null when it is not there any more.
Value after(Store& store, Value before, const Edit& one) {
    static int number = 100;
    const int subject = ++number;
    Document attrs;
    if (!before.is_null()) attrs["v"] = std::move(before);
    write(store, {create(person(subject, attrs)), edited(by_id(subject), {one})});
    const Document document = *find(store, subject);
    const Value* value = document.find("v");
    return value ? *value : Value();
}

// What the misfit says of that edit. Fails the test when there is none.
std::string misfit(Store& store, Value before, const Edit& one) {
    try {
        after(store, std::move(before), one);
    } catch (const EditMisfit& misfit) {
        EXPECT_EQ(misfit.path.front(), "v");
        return misfit.what();
    }
    ADD_FAILURE() << "it was done";
    return {};
}

Task<> add_one(Store& store) {
    Batch batch;
    batch.changes.push_back(edited(by_id(1), {edit(Kind::add, {"n"}, 1)}));
    co_await store.write(std::move(batch));
}

}  // namespace

TEST_P(StoreTest, EditsSetAndRemoveInsideObjects) {
    const Value author = Object{{"name", Object{{"first", "Ann"}}}, {"age", 30}};
    EXPECT_EQ(
        after(store(), author, edit(Kind::set, {"v", "name", "first"}, "Bea")),
        Value(Object{{"name", Object{{"first", "Bea"}}}, {"age", 30}})
    );
    EXPECT_EQ(after(store(), author, edit(Kind::set, {"v", "name"}, nullptr)), Value(Object{{"age", 30}}));
    EXPECT_EQ(after(store(), author, edit(Kind::set, {"v", "town", "name"}, nullptr)), author);
    EXPECT_EQ(after(store(), Object{}, edit(Kind::set, {"v", "a", "b"}, 1)), Value(Object{{"a", Object{{"b", 1}}}}));
    EXPECT_EQ(after(store(), nullptr, edit(Kind::set, {"v", "a"}, 1)), Value(Object{{"a", 1}}));
    EXPECT_EQ(
        misfit(store(), Object{{"a", 1}}, edit(Kind::set, {"v", "a", "b"}, 1)), "is no object, so it has no \"b\""
    );
    EXPECT_EQ(misfit(store(), List{1}, edit(Kind::set, {"v", "a"}, nullptr)), "is no object, so it has no \"a\"");
}

TEST_P(StoreTest, EditsCount) {
    EXPECT_EQ(after(store(), 40, edit(Kind::add, {"v"}, 2)), Value(42));
    EXPECT_EQ(after(store(), 40, edit(Kind::add, {"v"}, -41)), Value(-1));
    EXPECT_EQ(after(store(), 21, edit(Kind::multiply, {"v"}, 2)), Value(42));
    EXPECT_EQ(after(store(), 1.5, edit(Kind::add, {"v"}, 0.25)), Value(1.75));
    EXPECT_EQ(after(store(), 1.5, edit(Kind::multiply, {"v"}, 2.0)), Value(3.0));
    EXPECT_EQ(after(store(), nullptr, edit(Kind::add, {"v"}, 2)), Value(2));
    EXPECT_EQ(after(store(), nullptr, edit(Kind::add, {"v"}, 2.5)), Value(2.5));
    EXPECT_EQ(after(store(), nullptr, edit(Kind::multiply, {"v"}, 2)), Value(0));
    EXPECT_EQ(after(store(), Object{{"a", 1}}, edit(Kind::add, {"v", "a"}, 1)), Value(Object{{"a", 2}}));
}

TEST_P(StoreTest, EditsThatCannotBeCountedAreMisfits) {
    EXPECT_NE(misfit(store(), largest, edit(Kind::add, {"v"}, 1)).find("64 bits"), std::string::npos);
    EXPECT_NE(misfit(store(), -largest, edit(Kind::multiply, {"v"}, 2)).find("64 bits"), std::string::npos);
    EXPECT_NE(
        misfit(store(), 1e308, edit(Kind::multiply, {"v"}, 10.0)).find("more than a number can be"), std::string::npos
    );
    EXPECT_NE(misfit(store(), 1, edit(Kind::add, {"v"}, 0.5)).find("whole number"), std::string::npos);
    EXPECT_NE(misfit(store(), 1.5, edit(Kind::add, {"v"}, 1)).find("with a fraction"), std::string::npos);
    EXPECT_EQ(misfit(store(), "1", edit(Kind::add, {"v"}, 1)), "is no number");
}

TEST_P(StoreTest, EditsOfLists) {
    const Value list = List{1, 2, 3, 2};
    EXPECT_EQ(after(store(), list, edit(Kind::append, {"v"}, 2)), Value(List{1, 2, 3, 2, 2}));
    EXPECT_EQ(after(store(), nullptr, edit(Kind::append, {"v"}, 2)), Value(List{2}));
    EXPECT_EQ(after(store(), list, edit(Kind::append_new, {"v"}, 2)), list);
    EXPECT_EQ(after(store(), list, edit(Kind::append_new, {"v"}, 4)), Value(List{1, 2, 3, 2, 4}));
    EXPECT_EQ(after(store(), list, edit(Kind::remove_values, {"v"}, List{2, 9})), Value(List{1, 3}));
    EXPECT_EQ(after(store(), nullptr, edit(Kind::remove_values, {"v"}, List{2})), Value());
    EXPECT_EQ(after(store(), list, edit(Kind::set_index, {"v"}, 7, 0)), Value(List{7, 2, 3, 2}));
    EXPECT_EQ(after(store(), list, edit(Kind::set_index, {"v"}, 7, -1)), Value(List{1, 2, 3, 7}));
    EXPECT_EQ(after(store(), list, edit(Kind::remove_index, {"v"}, nullptr, 3)), Value(List{1, 2, 3}));
    EXPECT_EQ(after(store(), list, edit(Kind::remove_index, {"v"}, nullptr, -4)), Value(List{2, 3, 2}));
}

TEST_P(StoreTest, EditsOfWhatIsNoListOrEndsBeforeAreMisfits) {
    for (const Kind kind : {Kind::append, Kind::append_new, Kind::remove_values, Kind::set_index, Kind::remove_index})
        EXPECT_EQ(misfit(store(), "text", edit(kind, {"v"}, List{})), "is no list");
    EXPECT_EQ(misfit(store(), List{1, 2}, edit(Kind::set_index, {"v"}, 7, 2)), "has no element 2: it has 2");
    EXPECT_EQ(misfit(store(), List{1, 2}, edit(Kind::remove_index, {"v"}, nullptr, -3)), "has no element -3: it has 2");
    EXPECT_EQ(
        misfit(store(), nullptr, edit(Kind::remove_index, {"v"}, nullptr, 0)), "is not there, so it has no element 0"
    );
}

TEST_P(StoreTest, EditsAreDoneAfterSetAndInTheirOrder) {
    write(store(), create(person(1, {{"n", 1}})));
    Change change = edited(by_id(1), {edit(Kind::add, {"n"}, 1), edit(Kind::multiply, {"n"}, 10)});
    change.set = {{"n", 5}};
    EXPECT_EQ(write(store(), change).modified, 1);
    EXPECT_EQ(find(store(), 1), person(1, {{"n", 60}, {"_rev", 2}}));
}

TEST_P(StoreTest, EditsThatChangeNothingKeepTheRevision) {
    write(store(), create(person(1, {{"n", 1}, {"tags", List{"a"}}})));
    const std::vector<Edit> edits = {
        edit(Kind::add, {"n"}, 0), edit(Kind::append_new, {"tags"}, "a"), edit(Kind::append, {"tags"}, "b"),
        edit(Kind::remove_index, {"tags"}, nullptr, -1), edit(Kind::set, {"_rev"}, 9)
    };
    EXPECT_EQ(write(store(), edited(by_id(1), edits)).modified, 0);
    EXPECT_EQ(find(store(), 1), person(1, {{"n", 1}, {"tags", List{"a"}}, {"_rev", 1}}));
}

TEST_P(StoreTest, EditsMoveUniqueKeysAndFileUses) {
    write(store(), {create(person(1, {{"owner", 1}, {"name", 1}})), create(person(2, {{"owner", 1}, {"name", 2}}))});
    EXPECT_FALSE(duplicate(store(), {edited(by_id(2), {edit(Kind::add, {"name"}, -1)})}).empty());
    write(store(), edited(by_id(1), {edit(Kind::add, {"name"}, 5)}));
    write(store(), edited(by_id(2), {edit(Kind::add, {"name"}, -1)}));

    write(
        store(), {file(id(50), "bytes"), edited(by_id(1), {edit(Kind::append, {"scans"}, Object{{"__file", id(50)}})})}
    );
    EXPECT_EQ(file_of(store(), id(50)), "bytes");
    write(store(), edited(by_id(1), {edit(Kind::remove_index, {"scans"}, nullptr)}));
    EXPECT_EQ(file_of(store(), id(50)), std::nullopt);
}

TEST_P(StoreTest, AMisfitTakesItsWholeBatchBack) {
    write(store(), {create(person(1, {{"n", 1}})), create(person(2, {{"n", "x"}}))});
    EXPECT_THROW(write(store(), edited({}, {edit(Kind::add, {"n"}, 1)})), EditMisfit);
    EXPECT_EQ(find(store(), 1), person(1, {{"n", 1}, {"_rev", 1}}));
}

TEST_P(StoreTest, ACheckSeesWhatIsAboutToBeStored) {
    write(store(), {create(person(1, {{"n", 1}})), create(person(2, {{"n", 5}}))});
    std::vector<Value> seen;
    Change change = edited({}, {edit(Kind::add, {"n"}, 1)});
    change.check = [&](const Document& document) { seen.push_back(*document.find("n")); };
    change.sort = {{{"_id"}, false, {}}};
    write(store(), change);
    EXPECT_EQ(seen, (std::vector<Value>{2, 6}));
    change.edits = {edit(Kind::add, {"n"}, 0)};
    write(store(), change);
    EXPECT_EQ(seen.size(), 2u);
}

TEST_P(StoreTest, WhatACheckThrowsReachesItsWriterAlone) {
    struct TooLarge : std::runtime_error {
        using std::runtime_error::runtime_error;
    };
    constexpr int at_once = 40;
    std::vector<Change> persons;
    for (int number = 0; number < at_once; ++number) persons.push_back(create(person(number, {{"n", number}})));
    write(store(), persons);
    int refused = 0;
    run_at_once(at_once, [&](int number) -> Task<> {
        Batch batch;
        batch.changes = {create(person(100 + number)), edited(by_id(number), {edit(Kind::add, {"n"}, 100)})};
        batch.changes.back().check = [](const Document& document) {
            if (document.find("n")->integer() % 4 == 0) throw TooLarge("too large");
        };
        try {
            co_await store().write(std::move(batch));
        } catch (const TooLarge&) {
            ++refused;
        }
    });
    EXPECT_EQ(refused, at_once / 4);
    for (int number = 0; number < at_once; ++number) {
        EXPECT_EQ(*find(store(), number)->find("n"), Value(number % 4 ? number + 100 : number));
        EXPECT_EQ(find(store(), 100 + number).has_value(), number % 4 != 0);
    }
}

TEST_P(StoreTest, NoSumIsLostBetweenWriters) {
    constexpr int threads = 4;
    constexpr int each = 50;
    write(store(), create(person(1, {{"n", 0}})));
    run_on_threads(threads, each, [&](int) { return add_one(store()); });
    EXPECT_EQ(find(store(), 1), person(1, {{"n", threads * each}, {"_rev", 1 + threads * each}}));
}

}  // namespace limp::store
