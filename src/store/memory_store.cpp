#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <ranges>
#include <tuple>
#include <utility>

#include "base/doc_text.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "query/matcher.hpp"
#include "store/changes.hpp"
#include "store/facet_counts.hpp"
#include "store/finding.hpp"
#include "store/selection.hpp"
#include "store/stored.hpp"
#include "store/stores.hpp"
#include "store/upkeep.hpp"
#include "store/words.hpp"

namespace limp::store {

namespace {

struct StoredFile {
    Bytes bytes;
    std::int64_t uses = 0;
};

struct Shelf {
    using Documents = std::map<std::string, Document>;                      // by id
    using UniquePlace = std::tuple<std::string, std::string, std::string>;  // collection, attrs, key

    std::map<std::string, Documents> documents;  // by collection
    std::map<UniquePlace, std::string> unique;   // the id of who holds it
    std::map<std::string, std::string> credentials;
    std::map<std::string, StoredFile> files;
    std::map<std::string, std::string> declarations;  // by collection
    std::map<std::string, std::int64_t> counters;     // the number that was given last
};

// Valid while the shelf stays as it is.
class OnShelf final : public query::Related {
public:
    explicit OnShelf(const Shelf& shelf) : shelf_(shelf) {}

    std::shared_ptr<const Document> find(const std::string& collection, const std::string& id) const override {
        const auto documents = shelf_.documents.find(collection);
        if (documents == shelf_.documents.end()) return nullptr;
        const auto found = documents->second.find(id);
        if (found == documents->second.end() || is_deleted(found->second)) return nullptr;
        return {std::shared_ptr<const void>(), &found->second};
    }

private:
    const Shelf& shelf_;
};

std::vector<Document> matching_in(
    Shelf& shelf, const std::string& collection, const Filter& filter, bool deleted = false
) {
    const OnShelf related(shelf);
    const query::Matcher matcher(filter, related);
    std::vector<Document> matching;
    for (const auto& [id, document] : shelf.documents[collection])
        if (is_deleted(document) == deleted && matcher.matches(document)) matching.push_back(document);
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
        return matching_in(shelf_, collection.name, filter);
    }

    std::vector<Document> matching_deleted(const Collection& collection, const Filter& filter) override {
        return matching_in(shelf_, collection.name, filter, true);
    }

    std::unique_ptr<query::Related> related() override { return std::make_unique<OnShelf>(shelf_); }

    void for_each(const Collection& collection, const std::function<void(const Document&)>& visit) override {
        for (const Document& document : matching(collection, Filter::everything())) visit(document);
    }

    void for_each_stored(const Collection& collection, const std::function<void(const Document&)>& visit) override {
        for (const auto& [id, document] : shelf_.documents[collection.name]) visit(document);
    }

    bool insert(const Collection& collection, const Document& document) override {
        if (shelf_.documents[collection.name].contains(id_of(document))) return false;
        put(shelf_.documents[collection.name], id_of(document), document);
        return true;
    }
    void replace(const Collection& collection, const Document& before, const Document& after) override {
        put(shelf_.documents[collection.name], id_of(before), after);
    }
    void remove(const Collection& collection, const Document& document) override {
        put(shelf_.documents[collection.name], id_of(document), std::nullopt);
    }

    std::optional<std::string> take(const Collection& collection, const UniqueKey& key, const std::string& id)
        override {
        const Shelf::UniquePlace place = place_of(collection, key);
        const auto holder = shelf_.unique.find(place);
        if (holder == shelf_.unique.end()) {
            put(shelf_.unique, place, id);
            return std::nullopt;
        }
        return holder->second == id ? std::nullopt : std::optional(holder->second);
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

    std::int64_t next_number(const std::string& counter) override {
        const auto last = shelf_.counters.find(counter);
        const std::int64_t next = last == shelf_.counters.end() ? 1 : last->second + 1;
        put(shelf_.counters, counter, next);
        return next;
    }

    void put_credential(const std::string& id, const std::string& text) override { put(shelf_.credentials, id, text); }
    void remove_credential(const std::string& id) override { put(shelf_.credentials, id, std::nullopt); }
    void put_file(const std::string& id, const std::string& bytes) override {
        const auto before = shelf_.files.find(id);
        put(shelf_.files, id, StoredFile{bytes, before == shelf_.files.end() ? 0 : before->second.uses});
    }
    void use_file(const std::string& id, std::int64_t more) override {
        const auto found = shelf_.files.find(id);
        if (found == shelf_.files.end()) return;
        StoredFile file = found->second;
        file.uses += more;
        put(shelf_.files, id, file.uses > 0 ? std::optional(std::move(file)) : std::nullopt);
    }

    std::vector<std::string> collections() override {
        std::vector<std::string> names;
        for (const auto& [name, text] : shelf_.declarations) names.push_back(name);
        return names;
    }
    std::int64_t count(const std::string& collection) override {
        return std::ranges::count_if(shelf_.documents[collection], [](const auto& entry) {
            return !is_deleted(entry.second);
        });
    }

    std::optional<std::string> declaration(const Collection& collection) override {
        return find(shelf_.declarations, collection.name);
    }
    void set_declaration(const Collection& collection, const std::string& text) override {
        put(shelf_.declarations, collection.name, text);
    }
    void lay_out(const Collection&) override {}
    void refill(const Collection&, const Document&) override {}
    void make_indexes(const Collection&) override {}

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
    explicit MemoryStore(const Options& options) : log_max_(options.log_batches) {}

    Prepared prepare(const std::vector<Collection>& collections) override {
        const std::lock_guard lock(mutex_);
        MemoryTransaction transaction(shelf_);
        std::vector<LoggedChange> changes;
        std::vector<Collection> known = collections;
        Prepared prepared = bring_up_to_date(known, transaction, changes);
        transaction.commit();
        for (const Collection& collection : known) collections_.set(collection);
        publish(std::move(changes));
        return prepared;
    }

    void on_commit(std::function<void(const LoggedBatch&)> listener) override {
        const std::lock_guard lock(mutex_);
        listeners_.push_back(std::move(listener));
    }

    Task<Found> read(std::string collection, Query query) override {
        FoundText texts = read_now(collection, query);
        Found found;
        found.total = texts.total;
        for (const DocTextPtr& text : texts.docs) found.docs.push_back(parse_document(text->text));
        co_return found;
    }

    Task<FoundText> read_text(std::string collection, Query query) override { co_return read_now(collection, query); }

    Task<std::vector<Changed>> write(Batch batch) override { co_return write_now(batch); }

    Task<std::optional<std::string>> credential(std::string id) override {
        const std::lock_guard lock(mutex_);
        co_return find(shelf_.credentials, id);
    }

    Task<std::optional<Bytes>> file(std::string id) override {
        const std::lock_guard lock(mutex_);
        const auto found = shelf_.files.find(id);
        co_return found == shelf_.files.end() ? std::nullopt : std::optional(found->second.bytes);
    }

    Task<LogPage> log(std::int64_t after, std::size_t limit) override { co_return log_now(after, limit); }

    std::string description() const override { return "memory"; }

private:
    FoundText read_now(const std::string& collection, const Query& query) {
        const std::lock_guard lock(mutex_);
        const Shelf::Documents& documents = shelf_.documents[collections_.get(collection)->name];
        const OnShelf related(shelf_);
        Selection selection(query, related);
        for_each_found(documents, query.filter, query, [&](const Document& document) {
            const auto relevance = query.search ? static_cast<double>(occurrences(*query.search, document)) : 0;
            selection.add(
                document, [&] { return std::make_shared<const DocText>(base::to_doc_text(document)); }, relevance
            );
        });
        FoundText found = selection.take();
        for (const Facet& facet : query.facets) {
            FacetCounts counts(facet);
            for_each_found(documents, facet.filter, query, [&](const Document& document) { counts.add(document); });
            found.facets.push_back(counts.buckets());
        }
        return found;
    }

    void for_each_found(const Shelf::Documents& documents, const Filter& filter, const Query& query, const auto& take) {
        const OnShelf related(shelf_);
        const Finding finding(filter, query, related);
        for (const auto& [id, document] : documents)
            if (is_deleted(document) == query.deleted && finding.finds(document)) take(document);
    }

    std::vector<Changed> write_now(const Batch& batch) {
        const std::lock_guard lock(mutex_);
        MemoryTransaction transaction(shelf_);
        std::vector<LoggedChange> changes;
        std::vector<Changed> changed = apply(batch, collections_, transaction, changes);
        transaction.commit();
        publish(std::move(changes));
        return changed;
    }

    void publish(std::vector<LoggedChange> changes) {
        if (changes.empty()) return;
        log_.push_back({++last_, base::now_ms(), std::move(changes)});
        if (log_.size() > log_max_) log_.pop_front();
        for (const auto& listener : listeners_) listener(log_.back());
    }

    LogPage log_now(std::int64_t after, std::size_t limit) {
        const std::lock_guard lock(mutex_);
        LogPage page;
        page.last = last_;
        const std::int64_t oldest = last_ - static_cast<std::int64_t>(log_.size()) + 1;
        page.too_late = after + 1 < oldest;
        if (page.too_late) return page;
        for (const LoggedBatch& batch : log_)
            if (batch.number > after && page.batches.size() < limit) page.batches.push_back(batch);
        return page;
    }

    const std::size_t log_max_;
    std::mutex mutex_;
    Shelf shelf_;
    Collections collections_;
    std::vector<std::function<void(const LoggedBatch&)>> listeners_;
    std::deque<LoggedBatch> log_;
    std::int64_t last_ = 0;
};

}  // namespace

std::unique_ptr<Store> open_memory(const Options& options) {
    return std::make_unique<MemoryStore>(options);
}

}  // namespace limp::store
