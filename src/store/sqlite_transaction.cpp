#include "store/sqlite_transaction.hpp"

#include <limits>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "store/sqlite_reading.hpp"
#include "store/stored.hpp"

namespace limp::store {

namespace {

// As limp_unique has it: the names of attrs have no comma in them.
std::string attrs_text(const UniqueKey& key) {
    return base::join(key.attrs, ",");
}

std::string declaration_name(const Collection& collection) {
    return "collection:" + collection.name;
}

}  // namespace

std::vector<Document> SqliteTransaction::matching(const Collection& collection, const Filter& filter) {
    return store::matching(database_, collection, filter);
}

void SqliteTransaction::for_each(const Collection& collection, const std::function<void(const Document&)>& visit) {
    constexpr std::int64_t at_once = 256;
    const std::string sql =
        "SELECT n, doc FROM " + table_of(collection) + " WHERE deleted = 0 AND n > ? ORDER BY n LIMIT ?";
    std::int64_t seen = std::numeric_limits<std::int64_t>::min();
    for (;;) {
        std::vector<Document> some;
        {
            Statement rows = database_.select(sql, seen, at_once);
            while (rows.next()) {
                seen = rows.integer(0);
                some.push_back(parse_document(rows.bytes(1)));
            }
        }
        if (some.empty()) return;
        for (const Document& document : some) visit(document);
    }
}

void SqliteTransaction::for_each_stored(
    const Collection& collection, const std::function<void(const Document&)>& visit
) {
    Statement rows = database_.select("SELECT doc FROM " + table_of(collection) + " ORDER BY n");
    while (rows.next()) visit(parse_document(rows.bytes(0)));
}

bool SqliteTransaction::insert(const Collection& collection, const Document& document) {
    return database_.change(
        "INSERT INTO " + table_of(collection) + " (id, doc) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", id_of(document),
        base::to_json(document)
    );
}

void SqliteTransaction::replace(const Collection& collection, const Document& document) {
    database_.run(
        "UPDATE " + table_of(collection) + " SET doc = ?, deleted = ? WHERE id = ?", base::to_json(document),
        is_deleted(document) ? 1 : 0, id_of(document)
    );
}

void SqliteTransaction::remove(const Collection& collection, const std::string& id) {
    database_.run("DELETE FROM " + table_of(collection) + " WHERE id = ?", id);
}

std::optional<std::string> SqliteTransaction::take(
    const Collection& collection, const UniqueKey& key, const std::string& id
) {
    const std::string attrs = attrs_text(key);
    if (database_.change(
            "INSERT INTO limp_unique (collection, attrs, key, id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            collection.name, attrs, key.key, id
        ))
        return std::nullopt;
    Statement holder = database_.select(
        "SELECT id FROM limp_unique WHERE collection = ? AND attrs = ? AND key = ?", collection.name, attrs, key.key
    );
    if (!holder.next() || holder.bytes(0) == id) return std::nullopt;
    return std::string(holder.bytes(0));
}

void SqliteTransaction::release(const Collection& collection, const UniqueKey& key) {
    database_.run(
        "DELETE FROM limp_unique WHERE collection = ? AND attrs = ? AND key = ?", collection.name, attrs_text(key),
        key.key
    );
}

void SqliteTransaction::release_all(const Collection& collection) {
    database_.run("DELETE FROM limp_unique WHERE collection = ?", collection.name);
}

void SqliteTransaction::put_credential(const std::string& id, const std::string& text) {
    database_.run("INSERT OR REPLACE INTO limp_credentials (id, credential) VALUES (?, ?)", id, text);
}

void SqliteTransaction::remove_credential(const std::string& id) {
    database_.run("DELETE FROM limp_credentials WHERE id = ?", id);
}

void SqliteTransaction::put_file(const std::string& id, const std::string&) {
    const FileFolder::Kept& kept = kept_->at(id);
    if (const auto before = file_row(database_, id)) given_up_.push_back(before->hash);
    database_.run(
        "INSERT INTO limp_files (id, hash, size, uses) VALUES (?, ?, ?, 0) "
        "ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, size = excluded.size",
        id, kept.hash(), kept.size()
    );
}

void SqliteTransaction::use_file(const std::string& id, std::int64_t more) {
    database_.run("UPDATE limp_files SET uses = uses + ? WHERE id = ?", more, id);
    Statement gone = database_.select("DELETE FROM limp_files WHERE id = ? AND uses <= 0 RETURNING hash", id);
    if (gone.next()) given_up_.emplace_back(gone.bytes(0));
}

std::optional<std::string> SqliteTransaction::declaration(const Collection& collection) {
    Statement rows = database_.select("SELECT value FROM limp_meta WHERE name = ?", declaration_name(collection));
    if (!rows.next()) return std::nullopt;
    return std::string(rows.bytes(0));
}

void SqliteTransaction::set_declaration(const Collection& collection, const std::string& text) {
    database_.run("INSERT OR REPLACE INTO limp_meta (name, value) VALUES (?, ?)", declaration_name(collection), text);
}

void SqliteTransaction::lay_out(const Collection& collection) {
    database_.run(
        "CREATE TABLE IF NOT EXISTS " + table_of(collection) +
        " (n INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, doc TEXT NOT NULL)"
    );
}

void SqliteTransaction::refill(const Collection&, const Document&) {}

}  // namespace limp::store
