// store/sqlite_schema.hpp: how a database of limpd is laid out (docs/storage.md), and how an older one gets there.
#pragma once

#include <cstdint>

#include "store/file_folder.hpp"
#include "store/sqlite_database.hpp"

namespace limp::store {

constexpr std::int64_t application_id = 0x4C494D50;         // "LIMP"
constexpr std::int64_t backup_application_id = 0x4C494D42;  // "LIMB": nobody takes a backup for a data file
// 1: the bytes of files were in the database; there was no log. 2: there were no counters.
constexpr std::int64_t layout_version = 3;

// The tables of an empty database.
void lay_out(Database& database);

// Brings an older layout to this one, all of it or nothing. Throws StoreUnavailable.
void upgrade(Database& database, FileFolder& folder);

}  // namespace limp::store
