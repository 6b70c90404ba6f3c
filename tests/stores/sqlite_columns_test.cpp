// How SQLite finds documents by their columns, and what a person sees of them in the file.
#include "base/text.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_order.hpp"
#include "store/sqlite_reading.hpp"
#include "store/stores.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

using Column = Collection::Column;
using Holds = Column::Holds;
using Operator = Condition::Operator;

Collection posts() {
    Collection declared = collection("person", {{"email"}}, {"email"});
    declared.columns = {
        {"user", Holds::text},     {"create_time", Holds::text}, {"status", Holds::text},
        {"stars", Holds::integer}, {"tags", Holds::text, true},  {"firstName", Holds::text},
    };
    declared.indexes = {{"user"}, {"create_time"}, {"user", "create_time"}, {"stars"}, {"tags"}};
    return declared;
}

// The rows of a SELECT: the columns of each with "|" between.
std::vector<std::string> rows(Database& database, const std::string& sql, int columns) {
    std::vector<std::string> rows;
    Statement statement = database.select(sql);
    while (statement.next()) {
        std::vector<std::string> row;
        for (int column = 0; column < columns; ++column) row.emplace_back(statement.bytes(column));
        rows.push_back(base::join(row, "|"));
    }
    return rows;
}

class SqliteColumns : public testing::Test {
protected:
    void SetUp() override { store_->prepare({posts()}); }

    Store& store() { return *store_; }
    Database& database() { return database_; }

    // As EXPLAIN QUERY PLAN tells it, its lines joined.
    std::string plan(const std::string& sql) {
        return base::join(rows(database_, "EXPLAIN QUERY PLAN " + sql, 4), "\n");
    }
    std::string page_plan(const Filter& filter, const std::vector<SortKey>& sort) {
        const auto order = order_by(sort, table_, source());
        const Where let_through = where(filter, table_, source());
        EXPECT_TRUE(order && let_through.is_exact);
        return plan(page_sql(rows_of(let_through), order ? order->sql() : "id"));
    }
    std::string count_plan(const Filter& filter) {
        const Where let_through = where(filter, table_, source());
        EXPECT_TRUE(let_through.is_exact);
        return plan(count_sql(rows_of(let_through)));
    }
    Source source() { return {database_, layout_}; }
    static Rows rows_of(const Where& where) { return {"c_person", where}; }

private:
    Folder folder_;
    std::unique_ptr<Store> store_ = open_sqlite(folder_ / "limp.db");
    Database database_{folder_ / "limp.db", Database::Access::read};
    const Table table_{posts()};
    const Layout layout_;
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// Whether the rows come out of that index in the right order, with nothing else read.
testing::AssertionResult walks(const std::string& plan, const std::string& index) {
    if (has(plan, "SEARCH c_person USING INDEX i_person." + index + " (") && !has(plan, "TEMP B-TREE"))
        return testing::AssertionSuccess();
    return testing::AssertionFailure() << plan;
}

testing::AssertionResult counts(const std::string& plan, const std::string& index) {
    if (has(plan, " USING COVERING INDEX i_person." + index)) return testing::AssertionSuccess();
    return testing::AssertionFailure() << plan;
}

Filter compare(std::string attr, Operator oper, Value operand) {
    return Filter::of(condition(std::move(attr), oper, {std::move(operand)}));
}

}  // namespace

TEST_F(SqliteColumns, AnEqualityNewestFirstWalksItsIndex) {
    const Filter mine = Filter::equal("user", "x");
    EXPECT_TRUE(walks(page_plan(mine, {}), "user"));
    EXPECT_TRUE(walks(page_plan(mine, {{{"_id"}, true}}), "user"));
    EXPECT_TRUE(counts(count_plan(mine), "user"));
}

TEST_F(SqliteColumns, ARangeInItsOwnOrderWalksItsIndex) {
    const Filter late = compare("create_time", Operator::greater_equal, "2026");
    EXPECT_TRUE(walks(page_plan(late, {{{"create_time"}, true}}), "create_time"));
    EXPECT_TRUE(counts(count_plan(late), "create_time"));
    const Filter between = Filter::of(condition("stars", Operator::between, {1, 3}));
    EXPECT_TRUE(walks(page_plan(between, {{{"stars"}, true}}), "stars"));
    EXPECT_TRUE(counts(count_plan(between), "stars"));
}

TEST_F(SqliteColumns, ACombinedIndexServesEqualityAndOrder) {
    EXPECT_TRUE(walks(page_plan(Filter::equal("user", "x"), {{{"create_time"}, true}}), "user,create_time"));
}

TEST_F(SqliteColumns, AnOrderAloneWalksItsIndex) {
    const std::string by_stars = page_plan({}, {{{"stars"}, true}});
    EXPECT_TRUE(has(by_stars, "SCAN c_person USING INDEX i_person.stars") && !has(by_stars, "TEMP")) << by_stars;
    const std::string newest = page_plan({}, {});
    EXPECT_TRUE(has(newest, "SCAN c_person USING INDEX") && !has(newest, "TEMP")) << newest;
    EXPECT_TRUE(has(count_plan({}), "USING COVERING INDEX")) << count_plan({});
}

TEST_F(SqliteColumns, AListIsFoundByItsElements) {
    const std::string tagged = page_plan(Filter::equal("tags", "a"), {});
    EXPECT_TRUE(has(tagged, "SEARCH c_person USING INTEGER PRIMARY KEY")) << tagged;
    EXPECT_TRUE(has(tagged, "SEARCH v_person USING PRIMARY KEY (attr=? AND value=?)")) << tagged;
    const std::string later = page_plan(compare("tags", Operator::greater, "a"), {});
    EXPECT_TRUE(has(later, "SEARCH v_person USING PRIMARY KEY (attr=? AND value>?)")) << later;
}

TEST_F(SqliteColumns, AnOrOfIndexedAttrsUsesBothIndexes) {
    const std::string either = page_plan(Filter::any_of({Filter::equal("user", "x"), Filter::equal("stars", 5)}), {});
    EXPECT_TRUE(
        has(either, "i_person.user") && has(either, "i_person.stars (stars=?)") || has(either, "MULTI-INDEX OR")
    ) << either;
    EXPECT_FALSE(has(either, "SCAN")) << either;
}

TEST_F(SqliteColumns, ManyAreFoundByTheirIndex) {
    const std::string some = page_plan(Filter::in("user", {"x", "y", "z"}), {});
    EXPECT_TRUE(has(some, "SEARCH c_person USING INDEX i_person.user")) << some;
}

TEST_F(SqliteColumns, AUniqueAttrWithoutColumnIsFoundByItsKey) {
    const Table table(posts());
    const Where by_key = where(Filter::equal("email", "a@x.y"), table, source());
    EXPECT_FALSE(by_key.is_exact);
    const std::string found = plan(count_sql(rows_of(by_key)));
    EXPECT_TRUE(has(found, "SEARCH c_person USING") && has(found, "(id=?")) << found;
    EXPECT_TRUE(has(found, "SEARCH limp_unique USING PRIMARY KEY (collection=? AND attrs=? AND key=?)")) << found;
}

TEST_F(SqliteColumns, WhatHasNoColumnIsLookedForInTheTable) {
    const Table table(posts());
    const Where anything = where(Filter::equal("text", "a"), table, source());
    EXPECT_EQ(anything.extent, Where::Extent::all);
    EXPECT_FALSE(anything.is_exact);
    const Where mine = where(Filter::all_of({Filter::equal("text", "a"), Filter::equal("user", "x")}), table, source());
    EXPECT_FALSE(mine.is_exact);
    EXPECT_TRUE(has(plan(count_sql(rows_of(mine))), "i_person.user")) << plan(count_sql(rows_of(mine)));
}

TEST_F(SqliteColumns, AreColumnsForPeopleToo) {
    write(
        store(), {create(person(1, {{"user", "x"}, {"stars", 3}, {"tags", List{"b", "a"}}, {"firstName", "Ann"}})),
                  create(person(2, {{"user", "y"}, {"tags", List{"a"}}})), soft_delete(by_id(2))}
    );
    using Rows = std::vector<std::string>;
    EXPECT_EQ(
        rows(database(), R"(SELECT n, deleted, a_user, a_stars, "a_first^name" FROM c_person ORDER BY n)", 5),
        (Rows{"1|0|x|3|Ann", "2|1|||"})
    );
    EXPECT_EQ(rows(database(), "SELECT attr, value, n FROM v_person", 3), (Rows{"tags|a|1", "tags|b|1"}));
    EXPECT_EQ(
        rows(database(), "SELECT name, type FROM pragma_table_info('c_person') WHERE name LIKE 'a!_%' ESCAPE '!'", 2),
        (Rows{"a_user|TEXT", "a_create_time|TEXT", "a_status|TEXT", "a_stars|INTEGER", "a_first^name|TEXT"})
    );
}

TEST_F(SqliteColumns, GoWithTheirDeclaration) {
    write(store(), create(person(1, {{"user", "x"}, {"stars", 3}, {"tags", List{"a"}}})));
    Collection fewer = posts();
    fewer.columns = {{"stars", Holds::number}};
    fewer.indexes = {{"stars"}};
    store().prepare({fewer});
    using Rows = std::vector<std::string>;
    EXPECT_EQ(
        rows(database(), "SELECT name, type FROM pragma_table_info('c_person') WHERE name GLOB 'a_*'", 2),
        (Rows{"a_stars|NUMERIC"})
    );
    EXPECT_EQ(
        rows(database(), "SELECT name FROM sqlite_schema WHERE name GLOB 'i_person.*' ORDER BY name", 1),
        (Rows{"i_person._id", "i_person.stars"})
    );
    EXPECT_EQ(rows(database(), "SELECT a_stars FROM c_person", 1), Rows{"3"});
    EXPECT_EQ(rows(database(), "SELECT attr FROM v_person", 1), Rows{});
    fewer.columns.clear();
    fewer.indexes.clear();
    store().prepare({fewer});
    EXPECT_EQ(rows(database(), "SELECT name FROM sqlite_schema WHERE name = 'v_person'", 1), Rows{});
}

}  // namespace limp::store
