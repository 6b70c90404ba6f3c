// store/sqlite_reading.hpp: out of the tables of a SQLite file (docs/storage.md). For any connection to it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "limp/store.hpp"
#include "store/sqlite_counts.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_filter.hpp"
#include "store/sqlite_table.hpp"
#include "store/sqlite_tables.hpp"

namespace limp::store {

// The stored text of that live document, if there is one.
std::optional<std::string> document_text(Database& database, const Table& table, const std::string& id);

// The live documents that match, in any order.
std::vector<Document> matching(const Source& source, const Table& table, const Filter& filter);

// As Transaction has them (store/changes.hpp).
void for_each(Database& database, const Table& table, const std::function<void(const Document&)>& visit);
std::vector<std::string> declared_collections(Database& database);
std::int64_t count_documents(Database& database, const std::string& collection);
std::optional<std::string> declaration(Database& database, const Collection& collection);

// Under which name limp_meta has the collection's declaration.
std::string declaration_name(const Collection& collection);

// As Store::read_text() has it. Within a transaction (Tables::Moment), so that all of it is of one moment.
FoundText read(const Counts::Moment& moment, const Table& table, const Query& query, Counts& counts);

// The same for a plain query (store/selection.hpp) where every match has one of these texts under an attr that is
// unique alone. Nothing when more than `rows_max` rows would have to be looked at.
std::optional<FoundText> look_up(
    Database& database, const Table& table, const std::string& attr, const std::vector<std::string>& texts,
    const Query& query, std::int64_t rows_max
);

// The rows of a collection that a read is about.
struct Rows {
    std::string from;          // what stands after FROM
    Where where;               // beside the next
    bool are_deleted = false;  // the soft-deleted ones, in place of the live ones

    // " FROM … WHERE …". Its parameters are those of `where`.
    std::string sql() const;
};

// SQL for the docs of these rows. Parameters: those of the rows, those of the order, then the most rows to give (-1:
// all) and how many to leave out before them.
std::string page_sql(const Rows& rows, const std::string& order);

// SQL for how many there are, or, where they are counted no farther than some number, parameters: that number.
std::string count_sql(const Rows& rows);
std::string capped_count_sql(const Rows& rows);

std::optional<std::string> credential(Database& database, const std::string& id);

}  // namespace limp::store
