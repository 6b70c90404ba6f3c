#include "store/sqlite_transaction.hpp"

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

// What the unique keys depend on, as text to compare.
std::string declaration_of(const Collection& collection) {
    List unique;
    for (const std::vector<std::string>& attrs : collection.unique)
        unique.emplace_back(List(attrs.begin(), attrs.end()));
    Object declaration;
    declaration.append("unique", std::move(unique));
    declaration.append("folded", List(collection.folded.begin(), collection.folded.end()));
    return base::to_json(declaration);
}

}  // namespace

void SqliteTransaction::declare(const Collection& collection) {
    database_.run(
        "CREATE TABLE IF NOT EXISTS " + table_of(collection) +
        " (n INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, doc TEXT NOT NULL)"
    );

    const std::string name = "collection:" + collection.name;
    const std::string declaration = declaration_of(collection);
    {
        Statement before = database_.select("SELECT value FROM limp_meta WHERE name = ?", name);
        if (before.next() && before.bytes(0) == declaration) return;
    }
    rebuild_unique(collection, *this);
    database_.run("INSERT OR REPLACE INTO limp_meta (name, value) VALUES (?, ?)", name, declaration);
}

std::vector<Document> SqliteTransaction::matching(const Collection& collection, const Filter& filter) {
    return store::matching(database_, collection, filter);
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

bool SqliteTransaction::take(const Collection& collection, const UniqueKey& key, const std::string& id) {
    const std::string attrs = attrs_text(key);
    if (database_.change(
            "INSERT INTO limp_unique (collection, attrs, key, id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            collection.name, attrs, key.key, id
        ))
        return true;
    Statement holder = database_.select(
        "SELECT id FROM limp_unique WHERE collection = ? AND attrs = ? AND key = ?", collection.name, attrs, key.key
    );
    return holder.next() && holder.bytes(0) == id;
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

void SqliteTransaction::put_file(const std::string& id, const std::string& bytes) {
    database_.run("INSERT OR REPLACE INTO limp_files (id, bytes) VALUES (?, ?)", id, Blob{bytes});
}

}  // namespace limp::store
