// store/sqlite_file.hpp: the database file as such: who holds it, whose it is, how it is laid out.
//
// Layout   docs/storage.md. A file is ours when its application_id says so; its user_version is the layout's number.
#pragma once

#include <filesystem>
#include <memory>

#include "store/descriptor.hpp"
#include "store/sqlite_database.hpp"

namespace limp::store {

// Holds "<file>.lock" beside the database as long as it lives, so that two daemons never write one file. Other programs
// may read the database meanwhile. Makes the folder when it is not there. Throws StoreUnavailable.
class SqliteLock {
public:
    explicit SqliteLock(const std::filesystem::path& file);

    // Of the database, without links.
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
    Descriptor lock_;
};

// The same, for a database to work with: makes it when it is not there, and looks whether it is one.
class SqliteFile {
public:
    explicit SqliteFile(const std::filesystem::path& file);

    const std::filesystem::path& path() const { return lock_.path(); }

    // A connection that reads and leaves no trace, whether or not a limpd has the file; nothing when there is no such
    // file, or an empty one. Throws StoreUnavailable when it is not ours, or newer than we are.
    static std::unique_ptr<Database> look_into(const std::filesystem::path& file);

private:
    SqliteLock lock_;
};

// Where the bytes of files are, which the database names.
std::filesystem::path files_of(const std::filesystem::path& database);

// Throws StoreUnavailable when the layout is newer than this limpd, or unknown.
void check_layout(Database& database);

// Before anything is written to the file: checks that it is ours and not newer than we are, lays it out when it is
// empty, then makes every commit durable. Throws StoreUnavailable.
void prepare(Database& database);

}  // namespace limp::store
