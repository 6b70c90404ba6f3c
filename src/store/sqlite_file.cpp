#include "store/sqlite_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "limp/store.hpp"
#include "store/sqlite_schema.hpp"

namespace limp::store {

namespace {

void require_writable(const std::filesystem::path& path) {
    if (::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0) return;
    throw StoreUnavailable(
        path.string() + ": " + std::error_code(errno, std::generic_category()).message() + "; limpd, as user " +
        std::to_string(::geteuid()) + ", must be able to write it and its folder (--data names another file)"
    );
}

std::filesystem::path ready_path(const std::filesystem::path& file) {
    std::error_code error;
    // Links are followed: the lock is on the file itself, whatever name it was given.
    const std::filesystem::path path = std::filesystem::weakly_canonical(std::filesystem::absolute(file), error);
    if (!error) std::filesystem::create_directories(path.parent_path(), error);
    if (error) throw StoreUnavailable("its folder cannot be made: " + error.message());
    require_writable(path.parent_path());  // the write-ahead log stands beside the file
    for (const std::string& name : {path.string(), path.string() + ".lock"})
        if (std::filesystem::exists(name, error)) require_writable(name);
    return path;
}

void check_owner(Database& database) {
    const std::int64_t owner = database.number("PRAGMA application_id");
    if (owner == backup_application_id)
        throw StoreUnavailable("it is a backup: \"limpd restore\" makes a data file of it");
    if (owner != application_id) throw StoreUnavailable("it belongs to another application");
    check_layout(database);
}

void check_header(const Descriptor& file) {
    constexpr std::string_view header("SQLite format 3\0", 16);
    char first[header.size()];
    const ssize_t count = ::pread(file.number(), first, sizeof first, 0);
    if (count < 0)
        throw StoreUnavailable("it cannot be read: " + std::error_code(errno, std::generic_category()).message());
    if (count > 0 && std::string_view(first, static_cast<std::size_t>(count)) != header)
        throw StoreUnavailable("it is not a database");
}

bool is_empty(Database& database) {
    return database.number("PRAGMA application_id") == 0 && database.number("PRAGMA user_version") == 0 &&
           database.number("SELECT count(*) FROM sqlite_schema") == 0;
}

}  // namespace

SqliteLock::SqliteLock(const std::filesystem::path& file)
    : path_(ready_path(file)), lock_(path_.string() + ".lock", O_RDWR | O_CREAT) {
    if (!lock_.lock(LOCK_EX | LOCK_NB)) throw StoreUnavailable("it is in use by another limpd");
}

SqliteFile::SqliteFile(const std::filesystem::path& file) : lock_(file) {
    // SQLite would make a file that everybody may read, and would take one of a few bytes for an empty one and write
    // over it. Only after the lock: closing a descriptor takes away the locks that this process has on its file.
    const Descriptor database(path(), O_RDWR | O_CREAT);
    // Where the power failed while the file was laid out, SQLite has a journal to put it back.
    if (!std::filesystem::exists(path().string() + "-journal")) check_header(database);
}

std::filesystem::path files_of(const std::filesystem::path& database) {
    return database.string() + ".files";
}

void check_layout(Database& database) {
    const std::int64_t version = database.number("PRAGMA user_version");
    if (version > layout_version)
        throw StoreUnavailable(
            "it was written by a newer limpd (its layout is " + std::to_string(version) + ", this limpd knows " +
            std::to_string(layout_version) + ")"
        );
    if (version < 1) throw StoreUnavailable("it has the unknown layout " + std::to_string(version));
}

std::unique_ptr<Database> SqliteFile::look_into(const std::filesystem::path& file) {
    std::error_code error;
    const std::filesystem::path path = std::filesystem::weakly_canonical(std::filesystem::absolute(file), error);
    const bool is_there = !error && std::filesystem::exists(path, error);
    if (error) throw StoreUnavailable(error.message());
    if (!is_there) return nullptr;
    // What stands beside the file belongs to a limpd that runs, or that was killed. Where nothing does, the file is all
    // there is, and SQLite would make the rest anew.
    const bool is_in_use =
        std::filesystem::exists(path.string() + "-wal") || std::filesystem::exists(path.string() + "-shm");
    if (!is_in_use) check_header(Descriptor(path, O_RDONLY));
    auto database = std::make_unique<Database>(path, is_in_use ? Database::Access::read : Database::Access::read_still);
    if (is_empty(*database)) return nullptr;
    check_owner(*database);
    return database;
}

void prepare(Database& database) {
    const bool fresh = is_empty(database);
    if (!fresh) check_owner(database);
    {
        Statement mode = database.select("PRAGMA journal_mode = WAL");
        mode.next();
        if (mode.bytes(0) != "wal") throw StoreUnavailable("no write-ahead log can be kept beside it");
    }
    database.run("PRAGMA synchronous = FULL");
    database.run("PRAGMA foreign_keys = OFF");
    if (fresh) lay_out(database);
}

}  // namespace limp::store
