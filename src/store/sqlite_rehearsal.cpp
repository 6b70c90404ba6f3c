#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "query/matcher.hpp"
#include "store/changes.hpp"
#include "store/sqlite_file.hpp"
#include "store/sqlite_reading.hpp"
#include "store/stores.hpp"
#include "store/upkeep.hpp"

namespace limp::store {

namespace {

// An upkeep orders nothing.
class NoRelated final : public query::Related {
public:
    std::shared_ptr<const Document> find(const std::string&, const std::string&) const override { return nullptr; }
};

// Reads what is stored and writes nothing. An upkeep takes the keys of a collection anew, so those that it took are all
// that it has to be shown.
class Rehearsal final : public Transaction {
public:
    // `database`: nothing when there is no file.
    explicit Rehearsal(std::unique_ptr<Database> database) : database_(std::move(database)) {
        if (database_) moment_.emplace(*database_, DatabaseTransaction::Kind::read);
    }

    std::vector<Document> matching(const Collection& collection, const Filter& filter) override {
        std::vector<Document> matches;
        for_each(collection, [&](const Document& document) {
            if (query::Matcher(filter).matches(document)) matches.push_back(document);
        });
        return matches;
    }
    std::vector<Document> matching_deleted(const Collection&, const Filter&) override { return {}; }
    std::unique_ptr<query::Related> related() override { return std::make_unique<NoRelated>(); }
    void for_each(const Collection& collection, const std::function<void(const Document&)>& visit) override {
        if (is_there(collection)) store::for_each(*database_, Table(collection), visit);
    }

    // Only the uses of files are counted by this, and nothing here says what they were.
    void for_each_stored(const Collection&, const std::function<void(const Document&)>&) override {}

    bool insert(const Collection&, const Document&) override { return true; }
    void replace(const Collection&, const Document&, const Document&) override {}
    void remove(const Collection&, const Document&) override {}

    std::optional<std::string> take(const Collection& collection, const UniqueKey& key, const std::string& id)
        override {
        const std::string& holder = keys_.try_emplace({collection.name, key.attrs, key.key}, id).first->second;
        return holder == id ? std::nullopt : std::optional(holder);
    }
    void release(const Collection&, const UniqueKey&) override {}
    void release_all(const Collection&) override {}

    std::int64_t next_number(const std::string&) override { return 1; }

    void put_credential(const std::string&, const std::string&) override {}
    void remove_credential(const std::string&) override {}
    void put_file(const std::string&, const std::string&) override {}
    void use_file(const std::string&, std::int64_t) override {}

    std::vector<std::string> collections() override {
        return database_ ? declared_collections(*database_) : std::vector<std::string>();
    }
    std::int64_t count(const std::string& collection) override { return count_documents(*database_, collection); }

    std::optional<std::string> declaration(const Collection& collection) override {
        return database_ ? store::declaration(*database_, collection) : std::nullopt;
    }
    void set_declaration(const Collection&, const std::string&) override {}
    void lay_out(const Collection&) override {}
    void make_indexes(const Collection&) override {}
    void refill(const Collection&, const Document&) override {}

private:
    bool is_there(const Collection& collection) { return declaration(collection).has_value(); }

    std::unique_ptr<Database> database_;
    std::optional<DatabaseTransaction> moment_;
    std::map<std::tuple<std::string, std::vector<std::string>, std::string>, std::string> keys_;
};

}  // namespace

Prepared rehearse_sqlite(const std::filesystem::path& file, const std::vector<Collection>& collections) {
    try {
        Rehearsal rehearsal(SqliteFile::look_into(file));
        std::vector<LoggedChange> log;
        std::vector<Collection> known = collections;
        return bring_up_to_date(known, rehearsal, log);
    } catch (const StoreUnavailable& error) {
        throw StoreUnavailable("cannot look into " + file.string() + ": " + error.what());
    }
}

}  // namespace limp::store
