// store/sqlite_files.hpp: the rows of limp_files and the folder of the bytes, kept in step.
//
// Bytes are on the disk before the batch that names them is queued, and they go after the commit of the batch that left
// nobody to name them. What a crash leaves behind goes at the next start.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "limp/store.hpp"
#include "store/file_folder.hpp"
#include "store/sqlite_database.hpp"

namespace limp::store {

// The bytes of a batch's files, by their ids: on the disk, and safe as long as this lives.
using KeptFiles = std::map<std::string, FileFolder::Kept>;

// What a row of limp_files says.
struct FileRow {
    std::string hash;
    std::int64_t size = 0;

    friend bool operator==(const FileRow&, const FileRow&) = default;
};

std::optional<FileRow> file_row(Database& database, const std::string& id);

class SqliteFiles {
public:
    // `database`: the connection that writes. Brings an older layout to this one, then removes what nothing names.
    SqliteFiles(Database& database, const std::filesystem::path& folder);

    // Any thread; blocks until the bytes are on the disk.
    KeptFiles keep(const Batch& batch);

    // Any thread; blocks. Nothing when there is no such file.
    std::optional<Bytes> bytes(const std::string& hash) const { return folder_.open(hash); }

    // The thread that writes, after a commit: the bytes go that no row names any more, at once or, when they cannot, at
    // a later call.
    void remove_unnamed(Database& database, std::vector<std::string> hashes);

private:
    FileFolder folder_;
    std::vector<std::string> to_remove_;  // perhaps: hashes that a row has given up
};

}  // namespace limp::store
