// store/sqlite_lookups.hpp: quick reads on the thread that asks.
//
// What one turn of a loop looks up is read in one transaction, which costs half of one each (1.3 µs a document for
// 2.8). It ends with the turn, so that it never keeps the write-ahead log from starting anew, and at the next look-up
// once a batch has been stored, so that whoever has written reads it.
//
// Threads  Any that runs a loop; each turn has a connection to itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "store/commits.hpp"
#include "store/sqlite_database.hpp"

namespace limp::store {

class SqliteLookups {
public:
    // `commits` outlives it.
    SqliteLookups(std::filesystem::path file, const Commits& commits);
    ~SqliteLookups();
    SqliteLookups(const SqliteLookups&) = delete;
    SqliteLookups& operator=(const SqliteLookups&) = delete;

    // A snapshot of the database that has every batch which was answered before.
    struct Snapshot {
        Database& database;
        std::int64_t number;  // of the newest batch in it
    };

    // Valid until this coroutine waits for something.
    Snapshot now();

private:
    // What a thread reads with during one turn.
    struct Turn {
        std::unique_ptr<Database> database;
        std::optional<DatabaseTransaction> transaction;
        std::int64_t number = 0;
    };

    // Outlives the lookups when a loop still has a turn to end.
    class Turns {
    public:
        explicit Turns(std::filesystem::path file) : file_(std::move(file)) {}
        Turn& of_this_thread(const std::shared_ptr<Turns>& self);
        void end(std::thread::id thread);

    private:
        std::unique_ptr<Database> take_connection();

        const std::filesystem::path file_;
        std::mutex mutex_;
        std::vector<std::unique_ptr<Database>> free_;
        std::unordered_map<std::thread::id, Turn> turns_;
    };

    const Commits& commits_;
    std::shared_ptr<Turns> turns_;
};

}  // namespace limp::store
