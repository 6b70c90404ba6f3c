// Columns and indexes change how documents are found, never which.
#include <atomic>
#include <thread>

#include "store_test.hpp"

namespace limp::store {

namespace {

using Column = Collection::Column;
using Holds = Column::Holds;
using Operator = Condition::Operator;

Collection with_columns(std::vector<Column> columns, std::vector<std::vector<std::string>> indexes = {}) {
    Collection declared = people();
    declared.columns = std::move(columns);
    declared.indexes = std::move(indexes);
    return declared;
}

Collection indexed() {
    return with_columns(
        {{"town", Holds::text}, {"Town", Holds::text}, {"age", Holds::integer}, {"tags", Holds::text, true}},
        {{"town"}, {"Town"}, {"town", "age"}, {"age"}, {"tags"}}
    );
}

void fill(Store& store) {
    write(
        store, {create(person(1, {{"town", "Sur"}, {"Town", "Nizwa"}, {"age", 30}, {"tags", List{"a", "b"}}})),
                create(person(2, {{"town", "Muscat"}, {"age", 40}, {"tags", List{"b", "b"}}})),
                create(person(3, {{"town", "Sur"}, {"age", 50}, {"tags", List{}}})),
                create(person(4, {{"town", nullptr}, {"Town", "Sur"}})), create(person(5, {{"age", 20}}))}
    );
}

std::vector<std::string> where(Store& store, std::string attr, Operator oper, std::vector<Value> operands) {
    return ids(read(store, Filter::of(condition(std::move(attr), oper, std::move(operands)))));
}

Filter none_of(Filter filter) {
    Filter none;
    none.kind = Filter::Kind::none;
    none.children.push_back(std::move(filter));
    return none;
}

// Every way in which the documents of fill() are found.
void check_reads(Store& store) {
    EXPECT_EQ(where(store, "town", Operator::equal, {"Sur"}), ids({3, 1}));
    EXPECT_EQ(where(store, "Town", Operator::equal, {"Sur"}), ids({4}));
    EXPECT_EQ(where(store, "town", Operator::not_equal, {"Sur"}), ids({5, 4, 2}));
    EXPECT_EQ(where(store, "town", Operator::in, {"Sur", 7, "Muscat"}), ids({3, 2, 1}));
    EXPECT_EQ(where(store, "town", Operator::in, {}), ids({}));
    EXPECT_EQ(where(store, "town", Operator::equal, {nullptr}), ids({4}));
    EXPECT_EQ(where(store, "town", Operator::missing, {}), ids({5, 4}));
    EXPECT_EQ(where(store, "town", Operator::present, {}), ids({3, 2, 1}));
    EXPECT_EQ(where(store, "town", Operator::contains, {"SC"}), ids({2}));
    EXPECT_EQ(where(store, "age", Operator::equal, {30.0}), ids({1}));
    EXPECT_EQ(where(store, "age", Operator::equal, {"30"}), ids({}));
    EXPECT_EQ(where(store, "age", Operator::greater, {30}), ids({3, 2}));
    EXPECT_EQ(where(store, "age", Operator::less_equal, {30.5}), ids({5, 1}));
    EXPECT_EQ(where(store, "age", Operator::between, {20, 40}), ids({5, 2, 1}));
    EXPECT_EQ(where(store, "age", Operator::between, {20, "40"}), ids({}));
    EXPECT_EQ(where(store, "tags", Operator::equal, {"b"}), ids({2, 1}));
    EXPECT_EQ(where(store, "tags", Operator::not_equal, {"a"}), ids({5, 4, 3, 2}));
    EXPECT_EQ(where(store, "tags", Operator::equal, {Value(List{"a", "b"})}), ids({1}));
    EXPECT_EQ(where(store, "tags", Operator::present, {}), ids({3, 2, 1}));
    EXPECT_EQ(ids(read(store, none_of(Filter::equal("town", "Sur")))), ids({5, 4, 2}));
    EXPECT_EQ(ids(read(store, none_of(none_of(Filter::equal("town", "Sur"))))), ids({3, 1}));
    EXPECT_EQ(
        ids(read(store, Filter::any_of({Filter::equal("town", "Muscat"), Filter::equal("tags", "a")}))), ids({2, 1})
    );
    EXPECT_EQ(ids(read(store, Filter::all_of({Filter::equal("town", "Sur"), Filter::equal("age", 50)}))), ids({3}));
}

Found page(Store& store, std::vector<SortKey> sort, std::int64_t skip, std::int64_t limit) {
    Query query;
    query.sort = std::move(sort);
    query.skip = skip;
    query.limit = limit;
    return read(store, query);
}

}  // namespace

TEST_P(StoreTest, ColumnsDoNotChangeWhatIsFound) {
    fill(store());
    check_reads(store());
    store().prepare({indexed()});
    check_reads(store());
}

TEST_P(StoreTest, ColumnsAreFilledByLaterDocumentsToo) {
    store().prepare({indexed()});
    fill(store());
    check_reads(store());
}

TEST_P(StoreTest, ColumnsOrderDocumentsAsTheMatcherDoes) {
    store().prepare({indexed()});
    fill(store());
    EXPECT_EQ(ids(page(store(), {{{"age"}, false}}, 0, 0)), ids({4, 5, 1, 2, 3}));  // missing first
    EXPECT_EQ(ids(page(store(), {{{"age"}, true}}, 0, 0)), ids({3, 2, 1, 5, 4}));
    EXPECT_EQ(ids(page(store(), {{{"town"}, false}, {{"age"}, true}}, 0, 0)), ids({5, 4, 2, 3, 1}));
    EXPECT_EQ(ids(page(store(), {{{"town"}, true}}, 0, 0)), ids({3, 1, 2, 5, 4}));  // equal ones: newest first
    const Found found = page(store(), {{{"age"}, true}}, 1, 2);
    EXPECT_EQ(ids(found), ids({2, 1}));
    EXPECT_EQ(found.total, 5);
    EXPECT_EQ(page(store(), {{{"age"}, true}}, 7, 2).total, 5);
    EXPECT_EQ(page(store(), {{{"age"}, true}}, 3, 9).total, 5);
}

TEST_P(StoreTest, ColumnsFollowChanges) {
    store().prepare({indexed()});
    fill(store());
    write(store(), update(by_id(1), {{"town", "Muscat"}, {"tags", List{"b", "c"}}}));
    EXPECT_EQ(where(store(), "town", Operator::equal, {"Sur"}), ids({3}));
    EXPECT_EQ(where(store(), "town", Operator::equal, {"Muscat"}), ids({2, 1}));
    EXPECT_EQ(where(store(), "tags", Operator::equal, {"a"}), ids({}));
    EXPECT_EQ(where(store(), "tags", Operator::equal, {"c"}), ids({1}));
    write(store(), update(by_id(1), {{"tags", nullptr}, {"age", nullptr}}));
    EXPECT_EQ(where(store(), "tags", Operator::in, {"b", "c"}), ids({2}));
    EXPECT_EQ(where(store(), "age", Operator::missing, {}), ids({4, 1}));
    write(store(), soft_delete(by_id(3)));
    EXPECT_EQ(where(store(), "age", Operator::greater, {0}), ids({5, 2}));
    EXPECT_EQ(where(store(), "age", Operator::missing, {}), ids({4, 1}));
    write(store(), hard_delete(by_id(2)));
    EXPECT_EQ(where(store(), "tags", Operator::equal, {"b"}), ids({}));
    EXPECT_EQ(read(store()).total, 3);
    // The next document may stand where the last one stood.
    write(store(), {create(person(6, {{"tags", List{"z"}}})), hard_delete(by_id(6)), create(person(7))});
    EXPECT_EQ(where(store(), "tags", Operator::equal, {"z"}), ids({}));
}

TEST_P(StoreTest, ColumnsFollowWithinABatch) {
    store().prepare({indexed()});
    write(
        store(), {create(person(1, {{"town", "Sur"}, {"tags", List{"a"}}})),
                  update(Filter::equal("town", "Sur"), {{"town", "Nizwa"}}),
                  update(Filter::equal("tags", "a"), {{"age", 1}}), soft_delete(Filter::equal("town", "Sur"))}
    );
    EXPECT_EQ(where(store(), "town", Operator::equal, {"Nizwa"}), ids({1}));
    EXPECT_EQ(where(store(), "age", Operator::equal, {1}), ids({1}));
}

TEST_P(StoreTest, ColumnsAreAsBeforeWhenABatchFails) {
    store().prepare({indexed()});
    fill(store());
    EXPECT_EQ(
        duplicate(store(), {update({}, {{"town", "Nizwa"}, {"tags", List{"z"}}}), create(person(1))}),
        std::vector<std::string>{"_id"}
    );
    check_reads(store());
}

TEST_P(StoreTest, ColumnsChangeWithTheirDeclaration) {
    fill(store());
    const auto declare = [&](std::vector<Column> columns, std::vector<std::vector<std::string>> indexes) {
        const Collection declared = with_columns(std::move(columns), std::move(indexes));
        store().prepare({declared});
        check_reads(store());
        EXPECT_TRUE(store().prepare({declared}).done.empty());
        check_reads(store());
    };
    declare({{"town", Holds::text}}, {{"town"}});
    declare({{"town", Holds::text}, {"age", Holds::integer}}, {{"town", "age"}});
    declare({{"age", Holds::number}, {"tags", Holds::text, true}}, {{"tags"}});
    declare({{"town", Holds::number}, {"age", Holds::text}, {"tags", Holds::text}}, {{"age"}});  // nothing fits
    declare({{"town", Holds::text, true}, {"tags", Holds::number, true}}, {});
    declare({}, {});
}

TEST_P(StoreTest, ColumnsDoNotHideWhatTheyCannotHold) {
    store().prepare({indexed()});
    fill(store());
    write(
        store(), {create(person(6, {{"town", 7}})), create(person(7, {{"town", List{"Sur", "Muscat"}}})),
                  create(person(8, {{"age", "old"}})), create(person(9, {{"tags", "b"}})),
                  create(person(10, {{"tags", List{"b", 1}}}))}
    );
    EXPECT_EQ(where(store(), "town", Operator::equal, {"Sur"}), ids({7, 3, 1}));
    EXPECT_EQ(where(store(), "town", Operator::equal, {7}), ids({6}));
    EXPECT_EQ(where(store(), "town", Operator::not_equal, {7}), ids({10, 9, 8, 7, 5, 4, 3, 2, 1}));
    EXPECT_EQ(where(store(), "town", Operator::present, {}), ids({7, 6, 3, 2, 1}));
    EXPECT_EQ(where(store(), "age", Operator::equal, {"old"}), ids({8}));
    EXPECT_EQ(where(store(), "age", Operator::missing, {}), ids({10, 9, 7, 6, 4}));
    EXPECT_EQ(where(store(), "tags", Operator::equal, {"b"}), ids({10, 9, 2, 1}));
    EXPECT_EQ(ids(page(store(), {{{"age"}, true}}, 0, 3)), ids({8, 3, 2}));
    // And when they are gone, all is as it was.
    write(store(), hard_delete(Filter::of(condition("_id", Operator::greater_equal, {id(6)}))));
    check_reads(store());
}

TEST_P(StoreTest, ColumnsAreRefusedWhereTheyMakeNoSense) {
    const auto refusal = [&](std::vector<Column> columns, std::vector<std::vector<std::string>> indexes) {
        try {
            store().prepare({with_columns(std::move(columns), std::move(indexes))});
        } catch (const std::invalid_argument& error) {
            return std::string(error.what());
        }
        return std::string("none");
    };
    const Column town = {"town", Holds::text};
    const Column tags = {"tags", Holds::text, true};
    EXPECT_EQ(refusal({town, town}, {}), "collection person: town is a column twice");
    EXPECT_EQ(refusal({{"_id", Holds::text}}, {}), "collection person: _id has a column already");
    EXPECT_EQ(refusal({{"", Holds::text}}, {}), "collection person: a column without an attr");
    EXPECT_EQ(refusal({town}, {{"age"}}), "collection person: an index needs a column for age");
    EXPECT_EQ(refusal({town}, {{}}), "collection person: an index of nothing");
    EXPECT_EQ(refusal({town, tags}, {{"town", "tags"}}), "collection person: an index cannot combine the list tags");
    EXPECT_EQ(refusal({town, tags}, {{"town", "_id"}, {"tags"}}), "none");
}

TEST_P(StoreTest, FiltersMayBeLargerThanAnyStatement) {
    store().prepare({indexed()});
    fill(store());
    std::vector<Value> many;
    for (int number = 0; number < 1'000; ++number) many.emplace_back("town " + std::to_string(number));
    many.emplace_back("Sur");
    EXPECT_EQ(where(store(), "town", Operator::in, many), ids({3, 1}));
    many.resize(40'000, "Muscat");
    EXPECT_EQ(where(store(), "town", Operator::in, many), ids({3, 2, 1}));

    std::vector<Filter> wide(3'000, Filter::equal("age", 7));
    wide.push_back(Filter::equal("age", 50));
    EXPECT_EQ(ids(read(store(), Filter::any_of(wide))), ids({3}));
    EXPECT_EQ(ids(read(store(), Filter::all_of(wide))), ids({}));

    Filter deep = Filter::equal("age", 50);
    for (int level = 0; level < 40; ++level)
        deep = level % 2 ? Filter::all_of({deep, Filter::of(condition("age", Operator::present, {}))})
                         : Filter::any_of({deep, Filter::equal("age", 7)});
    EXPECT_EQ(ids(read(store(), deep)), ids({3}));

    std::vector<SortKey> keys(3'000, {{"age"}, true});
    keys.push_back({{"town"}, false});
    EXPECT_EQ(ids(page(store(), keys, 0, 2)), ids({3, 2}));
}

TEST_P(StoreTest, ManyDifferentFiltersOneAfterTheOther) {
    store().prepare({indexed()});
    fill(store());
    // More than a connection keeps statements.
    for (int mask = 0; mask < 700; ++mask) {
        std::vector<Filter> children;
        for (int bit = 0; bit < 10; ++bit)
            children.push_back(Filter::of(
                mask & (1 << bit) ? condition("age", Operator::greater, {bit})
                                  : condition("town", Operator::not_equal, {"Nizwa"})
            ));
        ASSERT_EQ(ids(read(store(), Filter::all_of(children))), mask == 0 ? ids({5, 4, 3, 2, 1}) : ids({5, 3, 2, 1}));
    }
}

TEST_P(StoreTest, ColumnsMayComeAndGoWhileOthersRead) {
    fill(store());
    std::atomic<bool> ended = false;
    std::thread reader([&] {
        while (!ended) {
            EXPECT_EQ(where(store(), "town", Operator::equal, {"Sur"}), ids({3, 1}));
            EXPECT_EQ(where(store(), "age", Operator::greater, {30}), ids({3, 2}));
        }
    });
    for (int time = 0; time < 20; ++time) {
        store().prepare({time % 2 ? people() : indexed()});
        store().prepare({with_columns({{"town", Holds::number}, {"age", Holds::text}}, {{"town"}})});
    }
    ended = true;
    reader.join();
}

}  // namespace limp::store
