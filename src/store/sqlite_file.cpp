#include "store/sqlite_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "limp/store.hpp"
#include "store/sqlite_layout.hpp"

namespace limp::store {

namespace {

std::string reason(int error) {
    return std::error_code(error, std::generic_category()).message();
}

std::filesystem::path ready_path(const std::filesystem::path& file) {
    std::error_code error;
    // Links are followed: the lock is on the file itself, whatever name it was given.
    const std::filesystem::path path = std::filesystem::weakly_canonical(std::filesystem::absolute(file), error);
    if (!error) std::filesystem::create_directories(path.parent_path(), error);
    if (error) throw StoreUnavailable("its folder cannot be made: " + error.message());
    return path;
}

void check_owner(Database& database) {
    const std::int64_t owner = database.number("PRAGMA application_id");
    const std::int64_t version = database.number("PRAGMA user_version");
    if (owner != application_id) throw StoreUnavailable("it belongs to another application");
    if (version > layout_version)
        throw StoreUnavailable(
            "it was written by a newer limpd (its layout is " + std::to_string(version) + ", this limpd knows " +
            std::to_string(layout_version) + ")"
        );
    if (version < 1) throw StoreUnavailable("it has the unknown layout " + std::to_string(version));
}

bool is_empty(Database& database) {
    return database.number("PRAGMA application_id") == 0 && database.number("PRAGMA user_version") == 0 &&
           database.number("SELECT count(*) FROM sqlite_schema") == 0;
}

}  // namespace

SqliteFile::Descriptor::Descriptor(const std::filesystem::path& file)
    : number_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (number_ < 0) throw StoreUnavailable(file.string() + ": " + reason(errno));
}

SqliteFile::Descriptor::~Descriptor() {
    ::close(number_);
}

void SqliteFile::Descriptor::lock() const {
    if (::flock(number_, LOCK_EX | LOCK_NB) == 0) return;
    if (errno == EWOULDBLOCK) throw StoreUnavailable("it is in use by another limpd");
    throw StoreUnavailable("it cannot be locked: " + reason(errno));
}

void SqliteFile::Descriptor::check_header() const {
    constexpr std::string_view header("SQLite format 3\0", 16);
    char first[header.size()];
    const ssize_t count = ::pread(number_, first, sizeof first, 0);
    if (count < 0) throw StoreUnavailable("it cannot be read: " + reason(errno));
    if (count > 0 && std::string_view(first, static_cast<std::size_t>(count)) != header)
        throw StoreUnavailable("it is not a database");
}

SqliteFile::SqliteFile(const std::filesystem::path& file) : path_(ready_path(file)), lock_(path_.string() + ".lock") {
    lock_.lock();
    // SQLite would make a file that everybody may read, and would take one of a few bytes for an empty one and write
    // over it. Only after the lock: closing a descriptor takes away the locks that this process has on its file.
    const Descriptor database(path_);
    database.check_header();
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
