#include "store/sqlite_transaction.hpp"

#include <memory>
#include <span>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "query/matcher.hpp"
#include "store/selection.hpp"
#include "store/sqlite_layout.hpp"
#include "store/sqlite_points.hpp"
#include "store/sqlite_reading.hpp"
#include "store/sqlite_related.hpp"
#include "store/sqlite_words.hpp"
#include "store/stored.hpp"

namespace limp::store {

namespace {

// As limp_unique has it: the names of attrs have no comma in them.
std::string attrs_text(const UniqueKey& key) {
    return base::join(key.attrs, ",");
}

}  // namespace

TablePtr SqliteTransaction::table_of(const Collection& collection) const {
    const auto found = laid_out_.find(collection.name);
    return found == laid_out_.end() ? tables_.get(collection.name) : found->second;
}

std::vector<Document> SqliteTransaction::matching(const Collection& collection, const Filter& filter) {
    const Layout layout = tables_.layout();
    return store::matching({database_, layout}, *table_of(collection), filter);
}

// With the layout that it goes by.
std::unique_ptr<query::Related> SqliteTransaction::related() {
    class Now final : public query::Related {
    public:
        Now(Database& database, Layout layout) : layout_(std::move(layout)), related_({database, layout_}) {}
        std::shared_ptr<const Document> find(const std::string& collection, const std::string& id) const override {
            return related_.find(collection, id);
        }

    private:
        const Layout layout_;
        const SqliteRelated related_;
    };
    return std::make_unique<Now>(database_, tables_.layout());
}

std::vector<Document> SqliteTransaction::matching_deleted(const Collection& collection, const Filter& filter) {
    const auto others = related();
    const query::Matcher matcher(filter, *others);
    std::vector<Document> matches;
    const auto look_at = [&](Statement rows) {
        while (rows.next())
            if (Document document = parse_document(rows.bytes(0)); matcher.matches(document))
                matches.push_back(std::move(document));
    };
    const std::string sql = "SELECT doc FROM " + table_of(collection)->documents() + " WHERE deleted = 1";
    if (const auto ids = required_texts(filter, "_id"))
        for (const std::string& id : *ids) look_at(database_.select(sql + " AND id = ?", id));
    else
        look_at(database_.select(sql));
    return matches;
}

void SqliteTransaction::for_each(const Collection& collection, const std::function<void(const Document&)>& visit) {
    store::for_each(database_, *table_of(collection), visit);
}

void SqliteTransaction::for_each_stored(
    const Collection& collection, const std::function<void(const Document&)>& visit
) {
    // Perhaps as an earlier start laid it out, before anything was prepared in this one.
    Statement rows = database_.select("SELECT doc FROM " + Table(collection).documents() + " ORDER BY n");
    while (rows.next()) visit(parse_document(rows.bytes(0)));
}

bool SqliteTransaction::insert(const Collection& collection, const Document& document) {
    const TablePtr table = table_of(collection);
    const std::string& id = id_of(document);
    const List cells = table->cells(document);
    if (!database_.change(table->insert_document(), id, base::to_json(document), std::span(cells))) return false;
    add_entries(*table, table->entries(document), id);
    change_found(*table, nullptr, &document);
    return true;
}

void SqliteTransaction::replace(const Collection& collection, const Document& before, const Document& after) {
    const TablePtr table = table_of(collection);
    const std::string& id = id_of(before);
    const List cells = table->cells(after);
    const bool has_same_cells = !is_laid_out(collection) && cells == table->cells(before);
    // SQLite writes to the indexes of all columns that an UPDATE names, even when they get what they had.
    if (has_same_cells && is_deleted(before) == is_deleted(after))
        database_.run(table->update_text(), base::to_json(after), id);
    else
        database_.run(
            table->update_document(), base::to_json(after), std::int64_t{is_deleted(after)}, std::span(cells), id
        );

    const std::vector<Table::Entry> old_entries =
        is_laid_out(collection) ? std::vector<Table::Entry>() : table->entries(before);
    const std::vector<Table::Entry> new_entries = table->entries(after);
    remove_entries(*table, without(old_entries, new_entries), id);
    add_entries(*table, without(new_entries, old_entries), id);
    change_found(*table, is_laid_out(collection) ? nullptr : &before, &after);
}

void SqliteTransaction::remove(const Collection& collection, const Document& document) {
    const TablePtr table = table_of(collection);
    remove_entries(*table, table->entries(document), id_of(document));
    change_found(*table, &document, nullptr);
    database_.run(table->delete_document(), id_of(document));
}

void SqliteTransaction::add_entries(
    const Table& table, const std::vector<Table::Entry>& entries, const std::string& id
) {
    for (const Table::Entry& entry : entries)
        database_.run(table.insert_entry(), entry.attr, std::span(&entry.value, 1), id);
}

void SqliteTransaction::remove_entries(
    const Table& table, const std::vector<Table::Entry>& entries, const std::string& id
) {
    for (const Table::Entry& entry : entries)
        database_.run(table.delete_entry(), entry.attr, std::span(&entry.value, 1), id);
}

void SqliteTransaction::change_found(const Table& table, const Document* before, const Document* after) {
    change_words(database_, table, before, after);
    change_points(database_, table, before, after);
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

std::int64_t SqliteTransaction::next_number(const std::string& counter) {
    Statement next = database_.select(
        "INSERT INTO limp_counters (name, number) VALUES (?, 1) "
        "ON CONFLICT (name) DO UPDATE SET number = number + 1 RETURNING number",
        counter
    );
    next.next();
    const std::int64_t number = next.integer(0);
    next.next();
    return number;
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

std::vector<std::string> SqliteTransaction::collections() {
    return declared_collections(database_);
}

std::int64_t SqliteTransaction::count(const std::string& collection) {
    return count_documents(database_, collection);
}

std::optional<std::string> SqliteTransaction::declaration(const Collection& collection) {
    return store::declaration(database_, collection);
}

void SqliteTransaction::set_declaration(const Collection& collection, const std::string& text) {
    database_.run("INSERT OR REPLACE INTO limp_meta (name, value) VALUES (?, ?)", declaration_name(collection), text);
}

void SqliteTransaction::lay_out(const Collection& collection) {
    const auto table = std::make_shared<const Table>(collection);
    store::lay_out(database_, *table);
    laid_out_[collection.name] = table;
}

void SqliteTransaction::refill(const Collection& collection, const Document& document) {
    const TablePtr table = table_of(collection);
    const List cells = table->cells(document);
    if (!cells.empty()) database_.run(table->update_cells(), std::span(cells), id_of(document));
    add_entries(*table, table->entries(document), id_of(document));
    change_found(*table, nullptr, &document);
}

void SqliteTransaction::make_indexes(const Collection& collection) {
    store::make_indexes(database_, *table_of(collection));
}

}  // namespace limp::store
