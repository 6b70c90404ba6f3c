#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>
#include <vector>

#include "base/doc_text.hpp"
#include "base/loop.hpp"
#include "base/pool.hpp"
#include "query/matcher.hpp"
#include "store/commits.hpp"
#include "store/document_cache.hpp"
#include "store/selection.hpp"
#include "store/sqlite_counts.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_file.hpp"
#include "store/sqlite_files.hpp"
#include "store/sqlite_log.hpp"
#include "store/sqlite_lookups.hpp"
#include "store/sqlite_reading.hpp"
#include "store/sqlite_tables.hpp"
#include "store/sqlite_writer.hpp"
#include "store/stored.hpp"
#include "store/stores.hpp"

namespace limp::store {

namespace {

// Two, so that one slow scan does not keep the quick reads waiting.
constexpr std::size_t scanning_threads = 2;

// Flushing the bytes of a file keeps a thread waiting; several wait together.
constexpr std::size_t filing_threads = 4;

// A read of more documents than that is no look-up: it would hold up the other calls of its thread.
constexpr std::int64_t lookup_max = 100;

// Neither is a longer count: a thousand entries of an index take some 20 µs.
constexpr std::int64_t count_max = 1'000;

// The connections of the threads that scan, lent to one at a time. There are as many as threads that ask.
class Scanners {
public:
    Scanners(const std::filesystem::path& file, std::chrono::milliseconds timeout) : timeout_(timeout) {
        for (std::size_t count = 0; count < scanning_threads; ++count)
            free_.push_back(std::make_unique<Database>(file, Database::Access::read));
    }

    // What `work` makes of one.
    auto with(auto work) {
        std::unique_ptr<Database> database = take();
        const Return back{*this, database};
        database->set_deadline(std::chrono::steady_clock::now() + timeout_);
        return work(*database);
    }

private:
    struct Return {
        Scanners& scanners;
        std::unique_ptr<Database>& database;
        ~Return() {
            const std::lock_guard lock(scanners.mutex_);
            scanners.free_.push_back(std::move(database));
        }
    };

    std::unique_ptr<Database> take() {
        const std::lock_guard lock(mutex_);
        std::unique_ptr<Database> database = std::move(free_.back());
        free_.pop_back();
        return database;
    }

    const std::chrono::milliseconds timeout_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Database>> free_;
};

class SqliteStore final : public Store {
public:
    SqliteStore(const std::filesystem::path& file, const Options& options)
        : file_(file),
          writing_(ready(file_)),
          files_(*writing_, files_of(file_.path())),
          cache_(options.cache_bytes),
          lookups_(file_.path(), commits_),
          scanners_(file_.path(), options.scan_timeout),
          writer_(file_.path(), *writing_, files_, collections_, tables_, commits_, options.log_batches),
          scanner_({.name = "store-scan", .threads = scanning_threads}),
          filer_({.name = "store-files", .threads = filing_threads}) {}

    Prepared prepare(const std::vector<Collection>& collections) override { return writer_.prepare(collections); }

    void on_commit(std::function<void(const LoggedBatch&)> listener) override {
        writer_.on_commit(std::move(listener));
    }

    Task<Found> read(std::string collection, Query query) override {
        FoundText texts = co_await read_text(std::move(collection), std::move(query));
        Found found;
        found.total = texts.total;
        for (const DocTextPtr& text : texts.docs) found.docs.push_back(parse_document(text->text));
        co_return found;
    }

    Task<FoundText> read_text(std::string collection, Query query) override {
        const TablePtr table = tables_.get(collection);
        if (is_plain(query)) {
            if (const auto ids = required_texts(query.filter, "_id"); ids && std::ssize(*ids) <= lookup_max)
                co_return look_up(*table, *ids, query);
            // Nothing may also mean that the attr has become unique after the snapshot of this turn: the scanner knows.
            if (auto found = look_up_unique(*table, query); found && !found->docs.empty()) co_return std::move(*found);
        }
        if (is_short(query)) co_return read_here(*table, query);
        co_return co_await on_scanner([&](Database& database) {
            const Tables::Moment moment(tables_, collection, database);
            return read_at(moment.source(), moment.batch(), moment.table(), query);
        });
    }

    Task<std::vector<Changed>> write(Batch batch) override {
        KeptFiles kept;
        if (std::ranges::any_of(batch.changes, [](const Change& change) { return change.kind == Change::Kind::file; }))
            kept = co_await base::on(filer_, [&] { return files_.keep(batch); });
        co_return co_await writer_.write(std::move(batch), std::move(kept));
    }

    Task<std::optional<std::string>> credential(std::string id) override {
        co_return store::credential(lookups_.now().database, id);
    }

    Task<std::optional<Bytes>> file(std::string id) override {
        std::optional<FileRow> row = file_row(lookups_.now().database, id);
        while (row) {
            std::optional<Bytes> bytes = co_await base::on(filer_, [&] { return files_.bytes(row->hash); });
            if (bytes) co_return bytes;
            // It may have gone, or got other bytes, between the two looks.
            if (std::optional<FileRow> now = file_row(lookups_.now().database, id); now != row)
                row = std::move(now);
            else
                throw StoreUnavailable("the bytes of the file " + id + " are missing: " + row->hash);
        }
        co_return std::nullopt;
    }

    Task<LogPage> log(std::int64_t after, std::size_t limit) override {
        co_return co_await on_scanner([&](Database& database) { return read_log(database, after, limit); });
    }

    std::string description() const override { return "SQLite, " + file_.path().string(); }

private:
    static std::unique_ptr<Database> ready(const SqliteFile& file) {
        auto database = std::make_unique<Database>(file.path(), Database::Access::write);
        store::prepare(*database);
        return database;
    }

    auto on_scanner(auto work) -> Task<std::invoke_result_t<decltype(work), Database&>> {
        co_return co_await base::on(scanner_, [&] { return scanners_.with(work); });
    }

    // A page of the documents as they come: no more to read than for so many look-ups, and a count that ends soon.
    static bool is_short(const Query& query) {
        return is_plain(query) && query.filter.is_everything() && query.sort.empty() && query.limit > 0 &&
               query.limit <= lookup_max && query.skip <= lookup_max && query.count_to >= 0 &&
               query.count_to <= count_max;
    }

    FoundText read_here(const Table& table, const Query& query) {
        const SqliteLookups::Snapshot snapshot = lookups_.now();
        const Layout layout = tables_.layout();
        return read_at({snapshot.database, layout}, snapshot.number, table, query);
    }

    FoundText read_at(const Source& source, std::int64_t batch, const Table& table, const Query& query) {
        return store::read({source, batch}, table, query, counts_);
    }

    std::optional<FoundText> look_up_unique(const Table& table, const Query& query) {
        for (const std::vector<std::string>& attrs : table.collection().unique) {
            if (attrs.size() != 1) continue;
            if (const auto texts = required_texts(query.filter, attrs.front());
                texts && std::ssize(*texts) <= lookup_max)
                return store::look_up(lookups_.now().database, table, attrs.front(), *texts, query, lookup_max);
        }
        return std::nullopt;
    }

    FoundText look_up(const Table& table, const std::vector<std::string>& ids, const Query& query) {
        std::vector<DocTextPtr> texts = kept(table.collection(), ids);
        if (texts.empty()) texts = stored(table, ids);
        const bool is_all_asked =
            query.filter.kind == Filter::Kind::condition && query.skip == 0 && query.after.empty();
        if (texts.size() > 1 || !is_all_asked) return pick(texts, query);
        const std::int64_t total = counted(std::ssize(texts), query);
        return {std::move(texts), total};
    }

    static FoundText pick(const std::vector<DocTextPtr>& texts, const Query& query) {
        const query::Matcher matcher(query.filter);
        Selection selection(query, query::no_related());
        for (const DocTextPtr& text : texts)
            if (const Document document = parse_document(text->text); matcher.matches(document))
                selection.add(document, [&] { return text; });
        return selection.take();
    }

    // From the cache: all of them as of one moment, or none.
    std::vector<DocTextPtr> kept(const Collection& collection, const std::vector<std::string>& ids) {
        const std::optional<std::int64_t> moment = commits_.settled();
        if (!moment) return {};
        std::vector<DocTextPtr> texts;
        for (const std::string& id : ids) {
            DocTextPtr text = cache_.find(collection.name, id, commits_.version_of(id));
            if (!text) return {};
            texts.push_back(std::move(text));
        }
        if (commits_.begun() != *moment) return {};
        return texts;
    }

    // From the file: the live ones.
    std::vector<DocTextPtr> stored(const Table& table, const std::vector<std::string>& ids) {
        const SqliteLookups::Snapshot snapshot = lookups_.now();
        std::vector<DocTextPtr> texts;
        for (const std::string& id : ids) {
            const std::uint64_t version = commits_.version_of(id);
            std::optional<std::string> text = document_text(snapshot.database, table, id);
            if (!text) continue;
            texts.push_back(std::make_shared<const DocText>(base::to_doc_text(std::move(*text))));
            if (snapshot.number == commits_.begun()) cache_.put(table.collection().name, id, version, texts.back());
        }
        return texts;
    }

    SqliteFile file_;
    std::unique_ptr<Database> writing_;
    SqliteFiles files_;
    Commits commits_;
    Collections collections_;
    Tables tables_;
    DocumentCache cache_;
    SqliteLookups lookups_;
    Counts counts_;
    Scanners scanners_;
    // Last, so that they have finished their work before what it works on goes away.
    SqliteWriter writer_;
    base::Pool scanner_;
    base::Pool filer_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite(const std::filesystem::path& file, const Options& options) {
    try {
        return std::make_unique<SqliteStore>(file, options);
    } catch (const StoreUnavailable& error) {
        throw StoreUnavailable("cannot open " + file.string() + ": " + error.what());
    }
}

}  // namespace limp::store
