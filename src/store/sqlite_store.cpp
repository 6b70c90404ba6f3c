#include <mutex>
#include <utility>
#include <vector>

#include "base/loop.hpp"
#include "base/pool.hpp"
#include "store/changes.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_file.hpp"
#include "store/sqlite_reading.hpp"
#include "store/sqlite_transaction.hpp"
#include "store/stores.hpp"

namespace limp::store {

namespace {

// Two, so that one slow scan does not keep the quick reads waiting.
constexpr std::size_t reading_threads = 2;

// The connections that read, lent to one thread at a time. There are as many as threads that ask.
class Readers {
public:
    void add(std::unique_ptr<Database> connection) { free_.push_back(std::move(connection)); }

    // What `work` makes of a connection.
    auto with(auto work) {
        std::unique_ptr<Database> connection = take();
        const Return back{*this, connection};
        return work(*connection);
    }

private:
    struct Return {
        Readers& readers;
        std::unique_ptr<Database>& connection;
        ~Return() {
            const std::lock_guard lock(readers.mutex_);
            readers.free_.push_back(std::move(connection));
        }
    };

    std::unique_ptr<Database> take() {
        const std::lock_guard lock(mutex_);
        std::unique_ptr<Database> connection = std::move(free_.back());
        free_.pop_back();
        return connection;
    }

    std::mutex mutex_;
    std::vector<std::unique_ptr<Database>> free_;
};

class SqliteStore final : public Store {
public:
    explicit SqliteStore(const std::filesystem::path& file)
        : file_(file),
          writing_(file_.path(), Database::Access::write),
          writer_({.name = "store-write", .threads = 1}),
          reader_({.name = "store-read", .threads = reading_threads}) {
        prepare(writing_);
        for (std::size_t count = 0; count < reading_threads; ++count)
            readers_.add(std::make_unique<Database>(file_.path(), Database::Access::read));
    }

    void ensure(const Collection& collection) override {
        check_name(collection);
        const std::lock_guard lock(writing_mutex_);
        SqliteTransaction transaction(writing_);
        transaction.declare(collection);
        transaction.commit();
        collections_.set(collection);
    }

    Task<Found> read(std::string collection, Query query) override {
        const CollectionPtr known = collections_.get(collection);
        co_return co_await on_reader([&](Database& database) { return store::read(database, *known, query); });
    }

    Task<std::vector<Changed>> write(Batch batch) override {
        co_return co_await base::on(writer_, [&] { return write_now(batch); });
    }

    Task<std::optional<std::string>> credential(std::string id) override {
        co_return co_await on_reader([&](Database& database) { return store::credential(database, id); });
    }

    Task<std::optional<std::string>> file(std::string id) override {
        co_return co_await on_reader([&](Database& database) { return store::file(database, id); });
    }

    std::string description() const override { return "SQLite, " + file_.path().string(); }

private:
    auto on_reader(auto work) -> Task<std::invoke_result_t<decltype(work), Database&>> {
        co_return co_await base::on(reader_, [&] { return readers_.with(work); });
    }

    // A batch answers only after its commit has reached the disk; who reads afterwards sees it.
    std::vector<Changed> write_now(const Batch& batch) {
        const std::lock_guard lock(writing_mutex_);
        SqliteTransaction transaction(writing_);
        std::vector<Changed> changed = apply(batch, collections_, transaction);
        transaction.commit();
        return changed;
    }

    SqliteFile file_;
    std::mutex writing_mutex_;
    Database writing_;
    Readers readers_;
    Collections collections_;
    // Last, so that they have finished their work before what it works on goes away.
    base::Pool writer_;
    base::Pool reader_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite(const std::filesystem::path& file) {
    try {
        return std::make_unique<SqliteStore>(file);
    } catch (const StoreUnavailable& error) {
        throw StoreUnavailable("cannot open " + file.string() + ": " + error.what());
    }
}

}  // namespace limp::store
