// store/sqlite_transaction.hpp: a batch's steps on the connection that writes (docs/storage.md has the tables).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "limp/store.hpp"
#include "store/changes.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_files.hpp"
#include "store/sqlite_tables.hpp"

namespace limp::store {

class SqliteTransaction final : public Transaction {
public:
    // They outlive it.
    SqliteTransaction(Database& database, const Tables& tables)
        : database_(database), tables_(tables), transaction_(database, Kind::write) {}

    void commit() { transaction_.commit(); }

    // Where put_file() finds what was kept for the batch that is applied next.
    void set_kept(const KeptFiles& kept) { kept_ = &kept; }

    // The hashes that rows have given up: nobody may name them any more.
    const std::vector<std::string>& given_up() const { return given_up_; }

    std::vector<Document> matching(const Collection& collection, const Filter& filter) override;
    std::vector<Document> matching_deleted(const Collection& collection, const Filter& filter) override;
    std::unique_ptr<query::Related> related() override;
    void for_each(const Collection& collection, const std::function<void(const Document&)>& visit) override;
    void for_each_stored(const Collection& collection, const std::function<void(const Document&)>& visit) override;
    bool insert(const Collection& collection, const Document& document) override;
    void replace(const Collection& collection, const Document& before, const Document& after) override;
    void remove(const Collection& collection, const Document& document) override;
    std::optional<std::string> take(const Collection& collection, const UniqueKey& key, const std::string& id) override;
    void release(const Collection& collection, const UniqueKey& key) override;
    void release_all(const Collection& collection) override;
    std::int64_t next_number(const std::string& counter) override;
    void put_credential(const std::string& id, const std::string& text) override;
    void remove_credential(const std::string& id) override;
    void put_file(const std::string& id, const std::string& bytes) override;
    void use_file(const std::string& id, std::int64_t more) override;
    std::vector<std::string> collections() override;
    std::int64_t count(const std::string& collection) override;
    std::optional<std::string> declaration(const Collection& collection) override;
    void set_declaration(const Collection& collection, const std::string& text) override;
    void lay_out(const Collection& collection) override;
    void refill(const Collection& collection, const Document& document) override;
    void make_indexes(const Collection& collection) override;

private:
    using Kind = DatabaseTransaction::Kind;

    TablePtr table_of(const Collection& collection) const;
    bool is_laid_out(const Collection& collection) const { return laid_out_.contains(collection.name); }
    void add_entries(const Table& table, const std::vector<Table::Entry>& entries, const std::string& id);
    void remove_entries(const Table& table, const std::vector<Table::Entry>& entries, const std::string& id);

    // What searches and places are found by; null: nothing of the document.
    void change_found(const Table& table, const Document* before, const Document* after);

    Database& database_;
    const Tables& tables_;
    DatabaseTransaction transaction_;
    const KeptFiles* kept_ = nullptr;
    std::vector<std::string> given_up_;
    std::map<std::string, TablePtr> laid_out_;  // in this transaction
};

}  // namespace limp::store
