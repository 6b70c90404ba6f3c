// store/sqlite_reading.hpp: out of the tables of a SQLite file (docs/storage.md). For any connection to it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "limp/store.hpp"
#include "store/sqlite_database.hpp"

namespace limp::store {

// The collection's table as SQL writes it. Requires: its name was checked (store/collections.hpp).
std::string table_of(const Collection& collection);

// A document as its row has it.
Document parse_document(std::string_view text);

// The stored text of that live document, if there is one.
std::optional<std::string> document_text(Database& database, const Collection& collection, const std::string& id);

// The live documents that match, in any order.
std::vector<Document> matching(Database& database, const Collection& collection, const Filter& filter);

// As Store::read() has it, all of it at one moment.
Found read(Database& database, const Collection& collection, const Query& query);

std::optional<std::string> credential(Database& database, const std::string& id);

}  // namespace limp::store
