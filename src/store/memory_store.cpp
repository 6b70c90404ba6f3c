#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <ranges>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "query/matcher.hpp"
#include "store/changes.hpp"
#include "store/selection.hpp"
#include "store/stored.hpp"
#include "store/stores.hpp"

namespace limp::store {

namespace {

struct Shelf {
    using Documents = std::map<std::string, Document>;                      // by id
    using UniquePlace = std::tuple<std::string, std::string, std::string>;  // collection, attrs, key

    std::map<std::string, Documents> documents;  // by collection
    std::map<UniquePlace, std::string> unique;   // the id of who holds it
    std::map<std::string, std::string> credentials;
    std::map<std::string, std::string> files;
};

std::vector<Document> matching_in(const Shelf::Documents& documents, const Filter& filter) {
    std::vector<Document> matching;
    for (const auto& [id, document] : documents)
        if (!is_deleted(document) && query::matches(filter, document)) matching.push_back(document);
    return matching;
}

std::optional<std::string> find(const std::map<std::string, std::string>& texts, const std::string& id) {
    const auto found = texts.find(id);
    if (found == texts.end()) return std::nullopt;
    return found->second;
}

// Works on the shelf itself and puts everything back when it ends without commit().
class MemoryTransaction final : public Transaction {
public:
    explicit MemoryTransaction(Shelf& shelf) : shelf_(shelf) {}
    ~MemoryTransaction() override {
        for (const auto& undo : undo_ | std::views::reverse) undo();
    }
    MemoryTransaction(const MemoryTransaction&) = delete;
    MemoryTransaction& operator=(const MemoryTransaction&) = delete;

    void commit() { undo_.clear(); }

    std::vector<Document> matching(const Collection& collection, const Filter& filter) override {
        return matching_in(shelf_.documents[collection.name], filter);
    }

    bool insert(const Collection& collection, const Document& document) override {
        if (shelf_.documents[collection.name].contains(id_of(document))) return false;
        replace(collection, document);
        return true;
    }
    void replace(const Collection& collection, const Document& document) override {
        put(shelf_.documents[collection.name], id_of(document), document);
    }
    void remove(const Collection& collection, const std::string& id) override {
        put(shelf_.documents[collection.name], id, std::nullopt);
    }

    bool take(const Collection& collection, const UniqueKey& key, const std::string& id) override {
        const Shelf::UniquePlace place = place_of(collection, key);
        const auto holder = shelf_.unique.find(place);
        if (holder != shelf_.unique.end()) return holder->second == id;
        put(shelf_.unique, place, id);
        return true;
    }
    void release(const Collection& collection, const UniqueKey& key) override {
        put(shelf_.unique, place_of(collection, key), std::nullopt);
    }
    void release_all(const Collection& collection) override {
        std::vector<Shelf::UniquePlace> places;
        for (const auto& [place, id] : shelf_.unique)
            if (std::get<0>(place) == collection.name) places.push_back(place);
        for (const Shelf::UniquePlace& place : places) put(shelf_.unique, place, std::nullopt);
    }

    void put_credential(const std::string& id, const std::string& text) override { put(shelf_.credentials, id, text); }
    void remove_credential(const std::string& id) override { put(shelf_.credentials, id, std::nullopt); }
    void put_file(const std::string& id, const std::string& bytes) override { put(shelf_.files, id, bytes); }

private:
    static Shelf::UniquePlace place_of(const Collection& collection, const UniqueKey& key) {
        return {collection.name, base::join(key.attrs, ","), key.key};
    }

    template <class Map>
    using Entry = std::optional<typename Map::mapped_type>;  // nothing: not in the map

    template <class Map>
    static void assign(Map& map, const typename Map::key_type& key, const Entry<Map>& entry) {
        if (entry)
            map.insert_or_assign(key, *entry);
        else
            map.erase(key);
    }

    // Every change goes through here, with how to take it back.
    template <class Map>
    void put(Map& map, const typename Map::key_type& key, const Entry<Map>& entry) {
        const auto found = map.find(key);
        Entry<Map> before;
        if (found != map.end()) before = found->second;
        undo_.push_back([&map, key, before = std::move(before)] { assign(map, key, before); });
        assign(map, key, entry);
    }

    Shelf& shelf_;
    std::vector<std::function<void()>> undo_;
};

class MemoryStore final : public Store {
public:
    void ensure(const Collection& collection) override {
        check_name(collection);
        const std::lock_guard lock(mutex_);
        MemoryTransaction transaction(shelf_);
        rebuild_unique(collection, transaction);
        transaction.commit();
        collections_.set(collection);
    }

    Task<Found> read(std::string collection, Query query) override { co_return read_now(collection, query); }

    Task<std::vector<Changed>> write(Batch batch) override { co_return write_now(batch); }

    Task<std::optional<std::string>> credential(std::string id) override {
        const std::lock_guard lock(mutex_);
        co_return find(shelf_.credentials, id);
    }

    Task<std::optional<std::string>> file(std::string id) override {
        const std::lock_guard lock(mutex_);
        co_return find(shelf_.files, id);
    }

    std::string description() const override { return "memory"; }

private:
    Found read_now(const std::string& collection, const Query& query) {
        const std::lock_guard lock(mutex_);
        const CollectionPtr known = collections_.get(collection);
        std::vector<Document> matching = matching_in(shelf_.documents[known->name], query.filter);
        const auto total = static_cast<std::int64_t>(matching.size());
        return {select(std::move(matching), query.sort, query.skip, query.limit), total};
    }

    std::vector<Changed> write_now(const Batch& batch) {
        const std::lock_guard lock(mutex_);
        MemoryTransaction transaction(shelf_);
        std::vector<Changed> changed = apply(batch, collections_, transaction);
        transaction.commit();
        return changed;
    }

    std::mutex mutex_;
    Shelf shelf_;
    Collections collections_;
};

}  // namespace

std::unique_ptr<Store> open_memory() {
    return std::make_unique<MemoryStore>();
}

}  // namespace limp::store
