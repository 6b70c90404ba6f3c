#include "store/sqlite_writer.hpp"

#include <chrono>
#include <coroutine>
#include <exception>
#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "base/log.hpp"
#include "base/loop.hpp"
#include "base/time.hpp"
#include "store/changes.hpp"
#include "store/sqlite_log.hpp"
#include "store/upkeep.hpp"

namespace limp::store {

namespace {

constexpr std::size_t waiting_max = 65'536;

// Of 4 KiB each. Folding back begins early, beside the writer; where reads that never pause keep the log from starting
// anew, the writer waits for them at the second number.
constexpr int folding_pages = 1'000;
constexpr int log_pages_max = 16'384;
constexpr std::chrono::milliseconds restart_wait{100};

// Old batches leave the change log so many at a time.
constexpr std::int64_t forget_every = 1'024;

}  // namespace

// A batch that waits, in the frame of the coroutine that waits for it.
struct SqliteWriter::Job {
    SqliteWriter& writer;
    const Batch& batch;
    const KeptFiles& kept;
    base::Loop* home = nullptr;
    std::coroutine_handle<> waiting;
    LoggedBatch logged;
    std::variant<std::vector<Changed>, std::exception_ptr> outcome;

    bool has_failed() const { return outcome.index() == 1; }
    bool has_changed() const { return !has_failed() && !logged.changes.empty(); }

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> coroutine) {
        home = &base::Loop::current();
        waiting = coroutine;
        writer.enqueue(*this);
    }
    std::vector<Changed> await_resume() {
        if (has_failed()) std::rethrow_exception(std::get<1>(outcome));
        return std::move(std::get<0>(outcome));
    }
};

SqliteWriter::SqliteWriter(
    const std::filesystem::path& file, Database& database, SqliteFiles& files, Collections& collections, Tables& tables,
    Commits& commits, std::size_t log_batches
)
    : database_(database),
      files_(files),
      collections_(collections),
      tables_(tables),
      commits_(commits),
      log_batches_(log_batches),
      last_number_(last_batch(database)),
      folding_(file, Database::Access::write),
      folder_({.name = "store-fold", .threads = 1}),
      thread_({.name = "store-write", .threads = 1}) {
    database_.keep_log_to_itself();
    folding_.keep_log_to_itself();
    // A connection that has read nothing yet knows of no write-ahead log, and folds none back.
    folding_.number("PRAGMA schema_version");
    commits_.start_at(last_number_);
}

SqliteWriter::~SqliteWriter() = default;

Task<std::vector<Changed>> SqliteWriter::write(Batch batch, KeptFiles kept) {
    co_return co_await Job{*this, batch, kept, {}, {}, {}, {}};
}

void SqliteWriter::enqueue(Job& job) {
    {
        const std::lock_guard lock(waiting_mutex_);
        if (waiting_.size() >= waiting_max) throw StoreUnavailable("too many writes wait for the disk already");
        waiting_.push_back(&job);
        if (std::exchange(is_draining_, true)) return;
    }
    thread_.post([this] { drain(); });
}

SqliteWriter::Jobs SqliteWriter::take_waiting() {
    const std::lock_guard lock(waiting_mutex_);
    is_draining_ = !waiting_.empty();
    return std::exchange(waiting_, {});
}

void SqliteWriter::drain() {
    for (Jobs group = take_waiting(); !group.empty(); group = take_waiting()) {
        {
            const std::lock_guard lock(writing_mutex_);
            commit(group);
        }
        // A job may be gone as soon as its loop has the handle.
        std::map<base::Loop*, std::vector<std::coroutine_handle<>>> done;
        for (Job* job : group) done[job->home].push_back(job->waiting);
        for (auto& [home, coroutines] : done)
            home->post([handles = std::move(coroutines)] {
                for (const std::coroutine_handle<> coroutine : handles) coroutine.resume();
            });
        const std::lock_guard lock(writing_mutex_);
        fold_log_back();
    }
}

void SqliteWriter::commit(std::span<Job* const> group) {
    std::optional<SqliteTransaction> transaction;
    try {
        transaction.emplace(database_, tables_);
        store(group, *transaction);
    } catch (...) {
        const bool had_begun = transaction.has_value();
        transaction.reset();
        // Where not even a transaction begins, another try would only wait as long again.
        if (had_begun && group.size() > 1)
            commit_one_by_one(group);
        else
            for (Job* job : group) job->outcome = std::current_exception();
    }
}

void SqliteWriter::commit_one_by_one(std::span<Job* const> group) {
    for (Job* const& job : group) commit({&job, 1});
}

void SqliteWriter::store(std::span<Job* const> group, SqliteTransaction& transaction) {
    const std::int64_t time = base::now_ms();
    std::int64_t number = last_number_;
    for (Job* job : group) {
        job->logged = {number + 1, time, {}};
        if (run(*job, transaction) && job->has_changed()) ++number;
    }
    if (number / forget_every != last_number_ / forget_every)
        forget(database_, number - static_cast<std::int64_t>(log_batches_));
    transaction.commit();

    last_number_ = number;
    for (const Job* job : group)
        if (job->has_changed()) publish(job->logged);
    files_.remove_unnamed(database_, transaction.given_up());
}

// Whether the batch is part of the transaction now. When not, the transaction is as it was before. Throws when the
// transaction is lost as a whole.
bool SqliteWriter::run(Job& job, SqliteTransaction& transaction) {
    try {
        Savepoint part(database_);
        transaction.set_kept(job.kept);
        job.outcome = apply(job.batch, collections_, transaction, job.logged.changes);
        append(database_, job.logged);
        part.keep();
        return true;
    } catch (...) {
        if (!database_.is_in_transaction()) throw;
        job.outcome = std::current_exception();
        return false;
    }
}

void SqliteWriter::publish(const LoggedBatch& batch) {
    commits_.publish(batch);
    for (const auto& listener : listeners_) listener(batch);
}

Prepared SqliteWriter::prepare(const std::vector<Collection>& collections) {
    const std::lock_guard lock(writing_mutex_);
    LoggedBatch logged{last_number_ + 1, base::now_ms(), {}};
    SqliteTransaction transaction(database_, tables_);
    std::vector<Collection> known = collections;
    Prepared prepared = bring_up_to_date(known, transaction, logged.changes);
    append(database_, logged);
    tables_.set(known, [&] { transaction.commit(); });
    for (const Collection& collection : known) collections_.set(collection);
    if (!logged.changes.empty()) {
        last_number_ = logged.number;
        publish(logged);
    }
    files_.remove_unnamed(database_, transaction.given_up());
    return prepared;
}

void SqliteWriter::on_commit(std::function<void(const LoggedBatch&)> listener) {
    const std::lock_guard lock(writing_mutex_);
    listeners_.push_back(std::move(listener));
}

// The write-ahead log is copied into the file beside the writer, who goes on meanwhile; that alone lets the log grow
// for ever, as it starts anew only in a moment when all is copied and nobody reads from it.
void SqliteWriter::fold_log_back() {
    const int pages = database_.log_pages();
    if (pages < log_pages_folded_) log_pages_folded_ = 0;  // it has started anew
    if (pages - log_pages_folded_ < folding_pages) return;
    log_pages_folded_ = pages;
    if (pages < log_pages_max) {
        folder_.post([this] { fold(folding_, Fold::beside_others); });
        return;
    }
    database_.wait_for_others(restart_wait);
    fold(database_, Fold::and_restart);
    database_.wait_for_others(Database::usual_wait);
}

// Nothing is lost when it fails: what is not copied stays in the log, for the next time.
void SqliteWriter::fold(Database& database, Fold how) {
    try {
        database.checkpoint(how == Fold::and_restart);
    } catch (const StoreUnavailable& error) {
        base::log_warning("store", "the write-ahead log cannot be folded back", {{"error", error.what()}});
    }
}

}  // namespace limp::store
