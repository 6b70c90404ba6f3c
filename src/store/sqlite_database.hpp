// store/sqlite_database.hpp: a connection to a SQLite file, and its statements.
//
// Values are always bound, never written into SQL. Statements are prepared at their first use and kept by their text;
// those that were not used for longest go when there are many, as filters make ever new ones.
//
// Errors   StoreUnavailable when the disk, the file or another process is in the way; std::logic_error when the SQL is.
// Threads  A connection and its statements: one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "limp/value.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace limp::store {

// What is bound as a BLOB; other text is bound as TEXT.
struct Blob {
    std::string_view bytes;
};

// One use of a prepared statement: row by row; when it goes out of scope the statement is free for the next use.
class Statement {
public:
    explicit Statement(sqlite3_stmt& prepared) : prepared_(prepared) {}

    // The parameters are bound in their order, and copied: numbers, texts, blobs, and lists of scalar values.
    template <class... Parameters>
        requires(sizeof...(Parameters) > 0)
    explicit Statement(sqlite3_stmt& prepared, const Parameters&... parameters) : Statement(prepared) {
        (bind(parameters), ...);
    }
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    // Whether there is another row.
    bool next();

    // Of the row, counted from 0. The view is valid until next().
    std::int64_t integer(int column) const;
    std::string_view bytes(int column) const;
    double real(int column) const;
    Value value(int column) const;

    // How many rows were walked so far because no index led to those that are wanted.
    std::int64_t walked() const;

private:
    void bind(std::int64_t value);
    void bind(std::string_view text);
    void bind(Blob blob);
    void bind(std::span<const Value> values);
    void bind_value(const Value& value);
    void check(int code) const;

    sqlite3_stmt& prepared_;
    int bound_ = 0;
};

class Database {
public:
    enum class Access {
        read,
        read_still,  // a file that nobody has open: no locks, and no files beside it
        write,
    };

    // `file` must be there.
    Database(const std::filesystem::path& file, Access access);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // The rows of a SELECT. The same SQL must not be in use already.
    template <class... Parameters>
    Statement select(const std::string& sql, const Parameters&... parameters) {
        return Statement(prepared(sql), parameters...);
    }

    // Runs a statement to its end.
    template <class... Parameters>
    void run(const std::string& sql, const Parameters&... parameters) {
        Statement statement(prepared(sql), parameters...);
        while (statement.next()) continue;
    }

    // Runs an INSERT, UPDATE or DELETE; whether it changed any row.
    template <class... Parameters>
    bool change(const std::string& sql, const Parameters&... parameters) {
        run(sql, parameters...);
        return changed_rows() > 0;
    }

    // The one number that a query or a pragma gives.
    std::int64_t number(const std::string& sql);

    bool is_in_transaction() const;

    // Makes `other`, which is empty, a copy of this database as its transaction sees it.
    void copy_to(Database& other);

    // How long a statement waits for another process that is in its way (a person's sqlite3 shell, as limpd is alone).
    static constexpr std::chrono::milliseconds usual_wait{5'000};
    void wait_for_others(std::chrono::milliseconds time);

    // From now on every statement ends with StoreUnavailable that works past this moment.
    void set_deadline(std::chrono::steady_clock::time_point deadline);

    // The pages in the write-ahead log after this connection's last commit. SQLite folds them back by itself at every
    // thousandth page unless this is called, once; then it is the caller's to do.
    void keep_log_to_itself();
    int log_pages() const { return log_pages_; }

    // Copies the write-ahead log into the file as far as readers let it. With `restart` it waits for readers and begins
    // the log anew. Whether all of that could be done.
    bool checkpoint(bool restart);

private:
    struct Close {
        void operator()(sqlite3* connection) const;
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };

    sqlite3_stmt& prepared(const std::string& sql);
    void make_room();
    std::int64_t changed_rows() const;

    int log_pages_ = 0;
    std::chrono::steady_clock::time_point deadline_;
    std::unique_ptr<sqlite3, Close> connection_;
    struct Kept {
        std::unique_ptr<sqlite3_stmt, Finalize> statement;
        std::uint64_t used = 0;  // the place of its last use among all uses
    };
    std::map<std::string, Kept> statements_;
    std::uint64_t uses_ = 0;
};

// BEGIN …; rolled back when it goes out of scope without commit().
class DatabaseTransaction {
public:
    enum class Kind { read, write };

    DatabaseTransaction(Database& database, Kind kind);
    ~DatabaseTransaction();
    DatabaseTransaction(const DatabaseTransaction&) = delete;
    DatabaseTransaction& operator=(const DatabaseTransaction&) = delete;

    void commit();

private:
    Database& database_;
};

// A part of a transaction that can be taken back alone: it is, when this goes out of scope without keep().
class Savepoint {
public:
    explicit Savepoint(Database& database);
    ~Savepoint();
    Savepoint(const Savepoint&) = delete;
    Savepoint& operator=(const Savepoint&) = delete;

    void keep();

private:
    Database& database_;
    bool is_open_ = true;
};

}  // namespace limp::store
