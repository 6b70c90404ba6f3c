// store/sqlite_points.hpp: where documents are found by place: for each attr with points an R-Tree of SQLite.
#pragma once

#include "limp/query.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_table.hpp"
#include "store/sqlite_where.hpp"

namespace limp::store {

// Made empty; those of attrs that are declared no more are gone.
void lay_out_points(Database& database, const Table& table);

// The points of a stored document become those that it has now. Null: it had none, it has none. Requires: its row is
// there.
void change_points(Database& database, const Table& table, const Document* before, const Document* after);

// Documents among which those near enough are. Never exact: an R-Tree rounds, and knows boxes, not circles.
Where in_reach(const Near& near, const Table& table);

}  // namespace limp::store
