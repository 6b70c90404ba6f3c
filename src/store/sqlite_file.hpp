// store/sqlite_file.hpp: the database file as such: who holds it, whose it is, how it is laid out.
//
// Layout   docs/storage.md. A file is ours when its application_id says so; its user_version is the layout's number.
#pragma once

#include <filesystem>

#include "store/sqlite_database.hpp"

namespace limp::store {

// Holds "<file>.lock" beside the database as long as it lives, so that two daemons never write one file. Other programs
// may read the database meanwhile. Makes the folder and the file when they are not there. Throws StoreUnavailable.
class SqliteFile {
public:
    explicit SqliteFile(const std::filesystem::path& file);

    const std::filesystem::path& path() const { return path_; }

private:
    // An open file, closed with its owner.
    class Descriptor {
    public:
        // Made when it is not there, for its owner's eyes alone: what is in the database are people's data.
        explicit Descriptor(const std::filesystem::path& file);
        ~Descriptor();
        Descriptor(const Descriptor&) = delete;
        Descriptor& operator=(const Descriptor&) = delete;

        void lock() const;
        void check_header() const;

    private:
        int number_;
    };

    std::filesystem::path path_;
    Descriptor lock_;
};

// Before anything is written to the file: checks that it is ours and not newer than we are, lays it out when it is
// empty, then makes every commit durable. Throws StoreUnavailable.
void prepare(Database& database);

}  // namespace limp::store
