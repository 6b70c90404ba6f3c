#include "store/sqlite_files.hpp"

#include <utility>

#include "base/log.hpp"
#include "store/sqlite_schema.hpp"

namespace limp::store {

namespace {

bool is_named(Database& database, const std::string& hash) {
    return database.select("SELECT 1 FROM limp_files WHERE hash = ?", hash).next();
}

// Reading a file would say so, one by one; this says it at the start.
const std::filesystem::path& looked_for(Database& database, const std::filesystem::path& folder) {
    if (std::filesystem::exists(folder) || database.number("PRAGMA user_version") < 2) return folder;
    const std::int64_t files = database.number("SELECT count(*) FROM limp_files");
    if (files > 0)
        base::log_error("store", "the folder of files is missing", {{"folder", folder.string()}, {"files", files}});
    return folder;
}

}  // namespace

std::optional<FileRow> file_row(Database& database, const std::string& id) {
    Statement rows = database.select("SELECT hash, size FROM limp_files WHERE id = ?", id);
    if (!rows.next()) return std::nullopt;
    return FileRow{std::string(rows.bytes(0)), rows.integer(1)};
}

SqliteFiles::SqliteFiles(Database& database, const std::filesystem::path& folder)
    : folder_(looked_for(database, folder)) {
    upgrade(database, folder_);
    database.run("DELETE FROM limp_files WHERE uses <= 0");
    const std::size_t removed = folder_.sweep([&](const std::string& hash) { return is_named(database, hash); });
    if (removed > 0) base::log_info("store", "removed files that nothing names", {{"files", removed}});
}

KeptFiles SqliteFiles::keep(const Batch& batch) {
    KeptFiles kept;
    for (const Change& change : batch.changes) {
        if (change.kind != Change::Kind::file) continue;
        kept.erase(change.id);  // the last one of an id stays
        kept.emplace(change.id, folder_.keep(change.text));
    }
    return kept;
}

void SqliteFiles::remove_unnamed(Database& database, std::vector<std::string> hashes) {
    to_remove_.insert(to_remove_.end(), hashes.begin(), hashes.end());
    while (!to_remove_.empty()) {
        try {
            if (!is_named(database, to_remove_.back()) && !folder_.remove(to_remove_.back())) return;
        } catch (const StoreUnavailable& error) {
            base::log_warning("store", "a file is not removed before the next start", {{"error", error.what()}});
        }
        to_remove_.pop_back();
    }
}

}  // namespace limp::store
