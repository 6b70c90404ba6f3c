// store/sqlite_layout.hpp: the tables and indexes of a collection, made as it declares them. Within a transaction.
#pragma once

#include "store/sqlite_database.hpp"
#include "store/sqlite_table.hpp"

namespace limp::store {

// What columns hold afterwards is to be filled in for each live document, and so are its entries: there are none. Nor
// are there indexes.
void lay_out(Database& database, const Table& table);

// Requires: it is laid out.
void make_indexes(Database& database, const Table& table);

}  // namespace limp::store
