#include "store/sqlite_database.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>

#include "limp/store.hpp"

namespace limp::store {

namespace {

// Throws what the connection's last error means for a caller.
[[noreturn]] void fail(sqlite3* connection, int code) {
    const std::string message = std::string("SQLite: ") + sqlite3_errmsg(connection);
    switch (code & 0xff) {  // extended codes have the plain one in their last byte
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_READONLY:
        case SQLITE_IOERR:
        case SQLITE_CORRUPT:
        case SQLITE_FULL:
        case SQLITE_CANTOPEN:
        case SQLITE_PROTOCOL:
        case SQLITE_NOTADB:
        case SQLITE_NOMEM:
        case SQLITE_PERM:
        case SQLITE_AUTH:
        case SQLITE_INTERRUPT:  // set_deadline()
            throw StoreUnavailable(message);
        default:
            throw std::logic_error(message);
    }
}

// A file's name as SQLite reads it in a URI.
std::string uri_of(const std::filesystem::path& file) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string uri = "file://";
    for (const char byte : std::filesystem::absolute(file).string()) {
        const auto code = static_cast<unsigned char>(byte);
        if (byte == '/' || (code < 0x80 && std::isalnum(code)))
            uri += byte;
        else
            uri += {'%', digits[code / 16], digits[code % 16]};
    }
    return uri;
}

}  // namespace

Statement::~Statement() {
    // At once: a statement that is not reset keeps its read transaction open.
    sqlite3_reset(&prepared_);
    sqlite3_clear_bindings(&prepared_);
    sqlite3_stmt_status(&prepared_, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) fail(sqlite3_db_handle(&prepared_), code);
}

void Statement::bind(std::int64_t value) {
    check(sqlite3_bind_int64(&prepared_, ++bound_, value));
}

void Statement::bind(std::string_view text) {
    const char* first = text.empty() ? "" : text.data();  // no text would be NULL
    check(sqlite3_bind_text64(&prepared_, ++bound_, first, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind(Blob blob) {
    check(sqlite3_bind_blob64(&prepared_, ++bound_, blob.bytes.data(), blob.bytes.size(), SQLITE_TRANSIENT));
}

void Statement::bind(std::span<const Value> values) {
    for (const Value& value : values) bind_value(value);
}

void Statement::bind_value(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::null:
            return check(sqlite3_bind_null(&prepared_, ++bound_));
        case Value::Kind::boolean:
            return bind(std::int64_t{value.boolean()});
        case Value::Kind::integer:
            return bind(value.integer());
        case Value::Kind::real:
            return check(sqlite3_bind_double(&prepared_, ++bound_, value.real()));
        case Value::Kind::string:
            return bind(std::string_view(value.string()));
        case Value::Kind::list:
        case Value::Kind::object:
            throw std::logic_error("SQLite: a list or an object is no parameter");
    }
}

bool Statement::next() {
    const int code = sqlite3_step(&prepared_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) fail(sqlite3_db_handle(&prepared_), code);
    return code == SQLITE_ROW;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(&prepared_, column);
}

std::string_view Statement::bytes(int column) const {
    const void* bytes = sqlite3_column_blob(&prepared_, column);  // null when there are none
    const auto count = static_cast<std::size_t>(sqlite3_column_bytes(&prepared_, column));
    return {static_cast<const char*>(bytes), count};
}

double Statement::real(int column) const {
    return sqlite3_column_double(&prepared_, column);
}

Value Statement::value(int column) const {
    switch (sqlite3_column_type(&prepared_, column)) {
        case SQLITE_INTEGER:
            return integer(column);
        case SQLITE_FLOAT:
            return real(column);
        case SQLITE_NULL:
            return nullptr;
        default:
            return std::string(bytes(column));
    }
}

std::int64_t Statement::walked() const {
    return sqlite3_stmt_status(&prepared_, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0);
}

void Database::Close::operator()(sqlite3* connection) const {
    sqlite3_close(connection);
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

Database::Database(const std::filesystem::path& file, Access access) {
    const int mode = access == Access::write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    const std::string name = uri_of(file) + (access == Access::read_still ? "?immutable=1" : "");
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(
        name.c_str(), &opened, mode | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr
    );
    connection_.reset(opened);  // also when it failed: it has the message
    if (code != SQLITE_OK) fail(opened, code);
    wait_for_others(usual_wait);
}

Database::~Database() = default;

sqlite3_stmt& Database::prepared(const std::string& sql) {
    Kept& kept = statements_[sql];
    kept.used = ++uses_;
    if (!kept.statement) {
        sqlite3_stmt* statement = nullptr;
        const int code = sqlite3_prepare_v3(
            connection_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr
        );
        if (code != SQLITE_OK) fail(connection_.get(), code);
        kept.statement.reset(statement);
        make_room();
    }
    return *kept.statement;
}

// What is in use just now is among the latest: a few statements at a time.
void Database::make_room() {
    constexpr std::size_t kept_max = 512;
    if (statements_.size() <= kept_max) return;
    statements_.erase(std::ranges::min_element(statements_, {}, [](const auto& one) { return one.second.used; }));
}

std::int64_t Database::changed_rows() const {
    return sqlite3_changes64(connection_.get());
}

std::int64_t Database::number(const std::string& sql) {
    Statement rows = select(sql);
    rows.next();
    return rows.integer(0);
}

bool Database::is_in_transaction() const {
    return sqlite3_get_autocommit(connection_.get()) == 0;
}

void Database::copy_to(Database& other) {
    sqlite3_backup* copying = sqlite3_backup_init(other.connection_.get(), "main", connection_.get(), "main");
    if (!copying) fail(other.connection_.get(), sqlite3_errcode(other.connection_.get()));
    const int code = sqlite3_backup_step(copying, -1);
    sqlite3_backup_finish(copying);
    if (code != SQLITE_DONE) fail(other.connection_.get(), code);
}

void Database::wait_for_others(std::chrono::milliseconds time) {
    sqlite3_busy_timeout(connection_.get(), static_cast<int>(time.count()));
}

void Database::set_deadline(std::chrono::steady_clock::time_point deadline) {
    constexpr int operations = 10'000;  // of SQLite's machine, between two looks at the clock: under a millisecond
    deadline_ = deadline;
    const auto is_over = [](void* moment) {
        return std::chrono::steady_clock::now() > *static_cast<std::chrono::steady_clock::time_point*>(moment) ? 1 : 0;
    };
    sqlite3_progress_handler(connection_.get(), operations, is_over, &deadline_);
}

void Database::keep_log_to_itself() {
    const auto count = [](void* pages, sqlite3*, const char*, int now) {
        *static_cast<int*>(pages) = now;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(connection_.get(), count, &log_pages_);
}

bool Database::checkpoint(bool restart) {
    const int mode = restart ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    int pages = 0;
    int copied = 0;
    const int code = sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, mode, &pages, &copied);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) fail(connection_.get(), code);
    if (code == SQLITE_OK && restart) log_pages_ = 0;
    return code == SQLITE_OK && pages == copied;
}

DatabaseTransaction::DatabaseTransaction(Database& database, Kind kind) : database_(database) {
    database_.run(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

DatabaseTransaction::~DatabaseTransaction() {
    // SQLite has rolled back already after some errors, a full disk among them. A rollback itself fails only where the
    // connection is lost anyway, and then the next statement says so.
    if (!database_.is_in_transaction()) return;
    try {
        database_.run("ROLLBACK");
    } catch (const std::exception&) {
        return;
    }
}

void DatabaseTransaction::commit() {
    database_.run("COMMIT");
}

Savepoint::Savepoint(Database& database) : database_(database) {
    database_.run("SAVEPOINT part");
}

Savepoint::~Savepoint() {
    if (!is_open_ || !database_.is_in_transaction()) return;
    try {
        database_.run("ROLLBACK TO part");
        database_.run("RELEASE part");
    } catch (const std::exception&) {
        return;  // the transaction is lost as a whole: its commit says so
    }
}

void Savepoint::keep() {
    database_.run("RELEASE part");
    is_open_ = false;
}

}  // namespace limp::store
