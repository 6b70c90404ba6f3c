// store/sqlite_words.hpp: what a search goes by: for each collection with searched attrs a table of SQLite's FTS5 that
// has the words of each live document, folded as query::words_of() does, and nothing else of it.
#pragma once

#include <string>

#include "limp/query.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_table.hpp"
#include "store/sqlite_where.hpp"

namespace limp::store {

// The table as SQL writes it. Its rowid is the document's `n`.
std::string words_table(const Table& table);

// Made empty, or gone where nothing is searched.
void lay_out_words(Database& database, const Table& table);

// The words of a stored document become those that it has now. Null: it had none, it has none. Requires: its row is
// there.
void change_words(Database& database, const Table& table, const Document* before, const Document* after);

// The rows of that table which a search finds; inexact where it cannot say.
Where matching_words(const Search& search, const Table& table);

}  // namespace limp::store
