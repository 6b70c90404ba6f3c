// store/sqlite_log.hpp: the change log in a SQLite file (docs/storage.md). For any connection to it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "limp/store.hpp"
#include "store/sqlite_database.hpp"

namespace limp::store {

// The number of the newest batch that this connection sees; 0 when there was none yet.
std::int64_t last_batch(Database& database);

// Within the transaction that makes the changes.
void append(Database& database, const LoggedBatch& batch);

// Forgets the batches up to that number. The newest must stay: its number is the file's.
void forget(Database& database, std::int64_t up_to);

// As Store::log() has it.
LogPage read_log(Database& database, std::int64_t after, std::size_t limit);

}  // namespace limp::store
