// store/sqlite_backup.hpp: a whole store in one file, and back.
//
// A backup is a SQLite database like the data file at one moment, with the bytes of all files that it names in a table
// more (limp_backup_files). It is written under another name, so that what bears the name is whole.
//
// Errors   CannotBegin when what is asked for cannot be, and nothing has been begun; StoreUnavailable when something
//          fails on the way. Both with a message for people.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "limp/store.hpp"

namespace limp::store {

class CannotBegin : public StoreUnavailable {
public:
    using StoreUnavailable::StoreUnavailable;
};

struct Backup {
    std::int64_t batch = 0;  // the newest in it
    std::int64_t documents = 0;
    std::int64_t credentials = 0;
    std::int64_t files = 0;
    std::vector<std::string> lost;  // files whose bytes could not be read, or are not in the backup: id and reason
};

// While a limpd works on the data file or not; one that does only keeps its write-ahead log, and bytes that nobody
// names any more, until this ends. Requires: nothing is called `backup` yet.
Backup back_up(const std::filesystem::path& data_file, const std::filesystem::path& backup);

// Makes a data file, with its folder of files, of a backup. Requires: neither is there yet, and no limpd works on it.
Backup restore(const std::filesystem::path& backup, const std::filesystem::path& data_file);

}  // namespace limp::store
