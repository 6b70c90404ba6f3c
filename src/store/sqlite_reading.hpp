// store/sqlite_reading.hpp: out of the tables of a SQLite file (docs/storage.md). For any connection to it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "limp/store.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_filter.hpp"
#include "store/sqlite_table.hpp"

namespace limp::store {

// A document as its row has it.
Document parse_document(std::string_view text);

// The stored text of that live document, if there is one.
std::optional<std::string> document_text(Database& database, const Table& table, const std::string& id);

// The live documents that match, in any order.
std::vector<Document> matching(Database& database, const Table& table, const Filter& filter);

// As Transaction has them (store/changes.hpp).
void for_each(Database& database, const Table& table, const std::function<void(const Document&)>& visit);
std::vector<std::string> declared_collections(Database& database);
std::int64_t count_documents(Database& database, const std::string& collection);
std::optional<std::string> declaration(Database& database, const Collection& collection);

// Under which name limp_meta has the collection's declaration.
std::string declaration_name(const Collection& collection);

// As Store::read_text() has it. Within a transaction (Tables::Moment), so that all of it is of one moment.
FoundText read(Database& database, const Table& table, const Query& query);

// The same where every match has one of these texts under an attr that is unique alone. Nothing when more than
// `rows_max` rows would have to be looked at.
std::optional<FoundText> look_up(
    Database& database, const Table& table, const std::string& attr, const std::vector<std::string>& texts,
    const Query& query, std::int64_t rows_max
);

// SQL for the docs that `where` lets through, newest or as `order` has it. Parameters: those of `where`, then the most
// rows to give (-1: all) and how many to leave out before them.
std::string page_sql(const Table& table, const Where& where, const std::string& order);

// Parameters: those of `where`.
std::string count_sql(const Table& table, const Where& where);

std::optional<std::string> credential(Database& database, const std::string& id);

}  // namespace limp::store
