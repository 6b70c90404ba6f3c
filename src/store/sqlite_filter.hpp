// store/sqlite_filter.hpp: filters in SQL.
//
// What SQL can say exactly as the matcher means it (query/matcher.hpp) is said in SQL. Of the rest it says less: what
// it lets through has all matches in it, and the matcher decides. Values are bound; only names of columns are written.
#pragma once

#include <string>
#include <vector>

#include "limp/query.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_table.hpp"
#include "store/sqlite_tables.hpp"
#include "store/sqlite_where.hpp"

namespace limp::store {

// As the columns are in the database at this moment: to be used within the same transaction.
Where where(const Filter& filter, const Table& table, const Source& source);

// The column that says of every document what it has there, or, where that is a list, the values of whose entries do.
// Null when there is none, or some document has what it cannot hold.
const Table::Column* exact_column(const AttrPath& path, const Table& table, Database& database);

// The documents among which those are that have one of these texts under an attr that is unique alone, itself or in a
// list. By the keys of unique attrs.
Where among_unique(const Table& table, const std::string& attr, const std::vector<Value>& texts);

}  // namespace limp::store
