// store/sqlite_writer.hpp: the one thread that writes to a SQLite file.
//
// Batches wait in a queue. The writer takes all that wait and commits them in one transaction, each in a savepoint of
// its own: while the disk flushes one group the next gathers. An answer leaves after its group is on the disk. One
// flush for many batches is what makes durable writes cheap (docs/decisions/0003-store.md has the figures).
//
// When a group cannot be committed its batches are tried one by one, so that a batch that is too large for the disk
// takes nobody with it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/pool.hpp"
#include "limp/store.hpp"
#include "store/collections.hpp"
#include "store/commits.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_files.hpp"
#include "store/sqlite_tables.hpp"
#include "store/sqlite_transaction.hpp"

namespace limp::store {

class SqliteWriter {
public:
    // `database`: the connection to `file` that writes. They all outlive the writer. Keeps `log_batches` in the change
    // log.
    SqliteWriter(
        const std::filesystem::path& file, Database& database, SqliteFiles& files, Collections& collections,
        Tables& tables, Commits& commits, std::size_t log_batches
    );
    ~SqliteWriter();
    SqliteWriter(const SqliteWriter&) = delete;
    SqliteWriter& operator=(const SqliteWriter&) = delete;

    // As Store has them. `kept`: the bytes of the batch's files.
    Task<std::vector<Changed>> write(Batch batch, KeptFiles kept);
    Prepared prepare(const std::vector<Collection>& collections);
    void on_commit(std::function<void(const LoggedBatch&)> listener);

private:
    struct Job;
    using Jobs = std::vector<Job*>;

    void enqueue(Job& job);
    void drain();
    Jobs take_waiting();
    void commit(std::span<Job* const> group);
    void commit_one_by_one(std::span<Job* const> group);
    void store(std::span<Job* const> group, SqliteTransaction& transaction);
    bool run(Job& job, SqliteTransaction& transaction);
    void publish(const LoggedBatch& batch);

    enum class Fold { beside_others, and_restart };
    void fold_log_back();
    static void fold(Database& database, Fold how);

    Database& database_;
    SqliteFiles& files_;
    Collections& collections_;
    Tables& tables_;
    Commits& commits_;
    const std::size_t log_batches_;

    std::mutex waiting_mutex_;
    Jobs waiting_;
    bool is_draining_ = false;

    std::mutex writing_mutex_;  // held by who uses the connection: the writer's thread, or prepare()
    std::int64_t last_number_;
    int log_pages_folded_ = 0;  // of the write-ahead log, at the last time that folding was begun
    std::vector<std::function<void(const LoggedBatch&)>> listeners_;

    Database folding_;
    base::Pool folder_;  // copies the write-ahead log back beside the writer
    base::Pool thread_;  // last: it ends its work before anything else goes
};

}  // namespace limp::store
