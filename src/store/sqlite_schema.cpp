#include "store/sqlite_schema.hpp"

#include <string>
#include <vector>

#include "base/log.hpp"
#include "store/file_uses.hpp"
#include "store/stored.hpp"

namespace limp::store {

namespace {

constexpr const char* meta_table = "CREATE TABLE limp_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID";

constexpr const char* unique_table = R"(CREATE TABLE limp_unique (
    collection TEXT NOT NULL, attrs TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (collection, attrs, key)) WITHOUT ROWID)";

constexpr const char* credentials_table =
    "CREATE TABLE limp_credentials (id TEXT PRIMARY KEY, credential TEXT NOT NULL) WITHOUT ROWID";

constexpr const char* log_table = R"(CREATE TABLE IF NOT EXISTS limp_log (
    batch INTEGER NOT NULL, place INTEGER NOT NULL, time INTEGER NOT NULL, collection TEXT NOT NULL, id TEXT NOT NULL,
    change TEXT NOT NULL, before TEXT, added TEXT,
    PRIMARY KEY (batch, place)) WITHOUT ROWID)";

constexpr const char* files_table = R"(CREATE TABLE limp_files (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL, size INTEGER NOT NULL, uses INTEGER NOT NULL) WITHOUT ROWID)";

constexpr const char* files_index = "CREATE INDEX limp_files_by_hash ON limp_files (hash)";

constexpr const char* counters_table =
    "CREATE TABLE limp_counters (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID";

void set_version(Database& database) {
    database.run("PRAGMA user_version = " + std::to_string(layout_version));
}

std::vector<std::string> texts(Statement rows) {
    std::vector<std::string> texts;
    while (rows.next()) texts.emplace_back(rows.bytes(0));
    return texts;
}

void move_bytes(Database& database, FileFolder& folder) {
    const std::int64_t files = database.number("SELECT count(*) FROM limp_files_1");
    base::log_info("store", "the bytes of files move out of the database", {{"files", files}});
    Statement rows = database.select("SELECT id, bytes FROM limp_files_1");
    while (rows.next()) {
        const FileFolder::Kept kept = folder.keep(rows.bytes(1));
        database.run(
            "INSERT INTO limp_files (id, hash, size, uses) VALUES (?, ?, ?, 0)", rows.bytes(0), kept.hash(), kept.size()
        );
    }
}

// Which attrs hold files is declared later, and of some collections not at all when their packages are not loaded:
// whatever a document names counts. The first upkeep counts again (store/upkeep.hpp).
void count_uses(Database& database) {
    const std::vector<std::string> tables =
        texts(database.select("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'c\\_%' ESCAPE '\\'"));
    for (const std::string& table : tables) {
        Statement rows = database.select("SELECT doc FROM \"" + table + "\" WHERE doc LIKE '%\"__file\"%'");
        while (rows.next())
            for (const std::string& file : files_in(parse_document(rows.bytes(0))))
                database.run("UPDATE limp_files SET uses = uses + 1 WHERE id = ?", file);
    }
}

// From layout 1.
void move_files_out(Database& database, FileFolder& folder) {
    database.run(log_table);
    database.run("ALTER TABLE limp_files RENAME TO limp_files_1");
    database.run(files_table);
    database.run(files_index);
    move_bytes(database, folder);
    count_uses(database);
    database.run("DROP TABLE limp_files_1");
}

}  // namespace

void lay_out(Database& database) {
    DatabaseTransaction transaction(database, DatabaseTransaction::Kind::write);
    for (const char* statement :
         {meta_table, unique_table, credentials_table, log_table, files_table, files_index, counters_table})
        database.run(statement);
    database.run("PRAGMA application_id = " + std::to_string(application_id));
    set_version(database);
    transaction.commit();
}

void upgrade(Database& database, FileFolder& folder) {
    const std::int64_t layout = database.number("PRAGMA user_version");
    if (layout == layout_version) return;
    DatabaseTransaction transaction(database, DatabaseTransaction::Kind::write);
    if (layout < 2) move_files_out(database, folder);
    database.run(counters_table);
    set_version(database);
    transaction.commit();
    base::log_info("store", "brought to the layout of this limpd", {{"layout", layout_version}});
}

}  // namespace limp::store
