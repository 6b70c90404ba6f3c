#include "store/sqlite_layout.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "store/sqlite_points.hpp"
#include "store/sqlite_words.hpp"

namespace limp::store {

namespace {

using Holds = Collection::Column::Holds;

// A number keeps its 64 bits in both kinds of columns, and 1.0 is there as 1, which compares alike.
std::string_view type_of(Holds holds) {
    switch (holds) {
        case Holds::text:
            return "TEXT";
        case Holds::number:
            return "NUMERIC";
        case Holds::integer:
        case Holds::boolean:
            return "INTEGER";
    }
    return "";
}

std::vector<std::string> names(Database& database, const std::string& sql, const std::string& collection) {
    std::vector<std::string> names;
    Statement rows = database.select(sql, collection);
    while (rows.next()) names.emplace_back(rows.bytes(0));
    return names;
}

void drop_indexes(Database& database, const std::string& collection) {
    const std::string ours = R"(SELECT name FROM sqlite_schema WHERE type = 'index' AND name GLOB 'i_' || ? || '.*')";
    for (const std::string& name : names(database, ours, collection)) database.run("DROP INDEX " + quote(name));
}

// As in CREATE TABLE.
std::vector<std::string> declared_columns(const Table& table) {
    std::vector<std::string> columns;
    for (const Table::Column& column : table.columns())
        if (!column.declared.is_list)
            columns.push_back(column.name + ' ' + std::string(type_of(column.declared.holds)));
    return columns;
}

std::vector<std::string> present_columns(Database& database, const Table& table) {
    const std::string ours = R"(SELECT '"' || replace(name, '"', '""') || '" ' || type
                                FROM pragma_table_info('c_' || ?) WHERE name GLOB 'a_*')";
    return names(database, ours, table.collection().name);
}

void match_columns(Database& database, const Table& table) {
    const std::vector<std::string> declared = declared_columns(table);
    const std::vector<std::string> present = present_columns(database, table);
    const std::string alter = "ALTER TABLE " + table.documents();
    for (const std::string& column : present)
        if (std::ranges::find(declared, column) == declared.end())
            database.run(alter + " DROP COLUMN " + column.substr(0, column.rfind(' ')));
    for (const std::string& column : declared)
        if (std::ranges::find(present, column) == present.end()) database.run(alter + " ADD COLUMN " + column);
}

void make_values(Database& database, const Table& table) {
    database.run("DROP TABLE IF EXISTS " + table.values());
    if (table.columns().empty()) return;
    database.run(
        "CREATE TABLE " + table.values() +
        " (attr TEXT NOT NULL, value NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (attr, value, n)) WITHOUT ROWID"
    );
}

// A list stands in `values`, which is an index of its own.
bool is_list(const Table& table, const std::vector<std::string>& attrs) {
    return table.column(attrs.front())->declared.is_list;
}

// Ends with the id, so that documents that are equal in the index come newest first, and with what tells the live ones,
// so that counting them needs nothing but the index. It holds deleted documents too, without values: with a WHERE of
// its own it could not serve an OR, and SQLite would walk it where it had better walk the table.
void make_index(Database& database, const Table& table, const std::vector<std::string>& attrs) {
    std::vector<std::string> columns;
    for (const std::string& attr : attrs) columns.push_back(table.column(attr)->name);
    std::vector<std::string> names;
    for (const std::string& attr : attrs) names.push_back(plain_name(attr));
    const std::string name = "i_" + table.collection().name + "." + base::join(names, ",");
    if (std::ranges::find(columns, "id") == columns.end()) columns.emplace_back("id");
    std::string list;
    for (const std::string& column : columns) list += column + ", ";
    database.run("CREATE INDEX IF NOT EXISTS " + quote(name) + " ON " + table.documents() + " (" + list + "deleted)");
}

}  // namespace

void lay_out(Database& database, const Table& table) {
    database.run(
        "CREATE TABLE IF NOT EXISTS " + table.documents() +
        " (n INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, doc TEXT NOT NULL)"
    );
    drop_indexes(database, table.collection().name);
    match_columns(database, table);
    make_values(database, table);
    lay_out_words(database, table);
    lay_out_points(database, table);
}

void make_indexes(Database& database, const Table& table) {
    make_index(database, table, {"_id"});
    for (const std::vector<std::string>& attrs : table.collection().indexes)
        if (!is_list(table, attrs)) make_index(database, table, attrs);
}

}  // namespace limp::store
