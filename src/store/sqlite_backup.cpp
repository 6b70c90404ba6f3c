#include "store/sqlite_backup.hpp"

#include <fcntl.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/id.hpp"
#include "store/descriptor.hpp"
#include "store/file_folder.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_file.hpp"
#include "store/sqlite_log.hpp"
#include "store/sqlite_schema.hpp"

namespace limp::store {

namespace fs = std::filesystem;

namespace {

// SQLite keeps a value in memory as a whole.
constexpr std::size_t part_bytes = 1024 * 1024;

constexpr const char* parts_table =
    "CREATE TABLE limp_backup_files (hash TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL, "
    "PRIMARY KEY (hash, part))";

void refuse_if_there(const fs::path& path) {
    if (fs::symlink_status(path).type() != fs::file_type::not_found)
        throw StoreUnavailable(path.string() + " exists already");
}

// SQLite itself would make it as readable as other files are.
void make_private(const fs::path& file) {
    const Descriptor made(file, O_RDWR | O_CREAT | O_EXCL);
}

// What is written is nobody's yet: when it fails it is thrown away, and it is synced as a whole at the end.
void write_carelessly(Database& database) {
    database.select("PRAGMA journal_mode = DELETE").next();  // out of WAL mode, which a copy has from its source
    database.select("PRAGMA journal_mode = OFF").next();
    database.run("PRAGMA synchronous = OFF");
}

void set_owner(Database& database, std::int64_t owner) {
    database.run("PRAGMA application_id = " + std::to_string(owner));
}

std::vector<std::string> texts(Statement rows) {
    std::vector<std::string> texts;
    while (rows.next()) texts.emplace_back(rows.bytes(0));
    return texts;
}

Backup count(Database& database) {
    Backup counted;
    counted.batch = last_batch(database);
    for (const std::string& table :
         texts(database.select("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'c_*'")))
        counted.documents += database.number("SELECT count(*) FROM \"" + table + "\" WHERE deleted = 0");
    counted.credentials = database.number("SELECT count(*) FROM limp_credentials");
    counted.files = database.number("SELECT count(*) FROM limp_files");
    return counted;
}

// The ids of the files that have these bytes, with the reason why they are lost.
void report_lost(Database& database, const std::string& hash, const std::string& reason, Backup& report) {
    for (const std::string& id : texts(database.select("SELECT id FROM limp_files WHERE hash = ?", hash)))
        report.lost.push_back(id + ": " + reason);
}

void pack(Database& database, const std::string& hash, const Bytes& bytes) {
    std::string part(std::min(bytes.size(), part_bytes), '\0');
    std::int64_t number = 0;
    std::size_t packed = 0;
    do {
        part.resize(bytes.read(packed, part));
        database.run("INSERT INTO limp_backup_files (hash, part, bytes) VALUES (?, ?, ?)", hash, number++, Blob{part});
        packed += part.size();
    } while (packed < bytes.size());
}

// The bytes, or why they are lost.
struct Looked {
    std::optional<Bytes> bytes;
    std::string reason;
};

Looked look_for(const FileFolder& folder, const std::string& hash) {
    try {
        return {folder.open(hash), "its bytes are missing"};
    } catch (const StoreUnavailable& error) {
        return {std::nullopt, error.what()};
    }
}

void pack_files(Database& database, const FileFolder& folder, Backup& report) {
    DatabaseTransaction transaction(database, DatabaseTransaction::Kind::write);
    database.run(parts_table);
    for (const std::string& hash : texts(database.select("SELECT DISTINCT hash FROM limp_files"))) {
        const Looked found = look_for(folder, hash);
        if (found.bytes)
            pack(database, hash, *found.bytes);
        else
            report_lost(database, hash, found.reason, report);
    }
    transaction.commit();
}

std::optional<std::string> unpacked(Database& database, const std::string& hash) {
    std::optional<std::string> bytes;
    Statement rows = database.select("SELECT bytes FROM limp_backup_files WHERE hash = ? ORDER BY part", hash);
    while (rows.next()) (bytes ? *bytes : bytes.emplace()) += rows.bytes(0);
    return bytes;
}

void unpack_files(Database& database, FileFolder& folder, Backup& report) {
    for (const std::string& hash : texts(database.select("SELECT DISTINCT hash FROM limp_files"))) {
        const std::optional<std::string> bytes = unpacked(database, hash);
        if (!bytes)
            report_lost(database, hash, "its bytes were missing when the backup was made", report);
        else if (folder.keep(*bytes).hash() != hash)
            throw StoreUnavailable("it is damaged: the bytes of " + hash + " are others");
    }
}

// The data file without the bytes of files, which would leave their room in it.
void copy_documents(Database& backup, const fs::path& copy, const fs::path& as) {
    const UnfinishedFile whole(copy);
    make_private(whole.path());
    Database database(whole.path(), Database::Access::write);
    backup.copy_to(database);
    write_carelessly(database);
    database.run("DROP TABLE limp_backup_files");
    set_owner(database, application_id);
    make_private(as);
    database.run("VACUUM INTO ?", as.string());
}

// Not by opening it: a limpd of this process would lose its locks when it is closed again.
void check_is_file(const fs::path& file) {
    if (!fs::is_regular_file(file)) throw StoreUnavailable("there is no such file");
}

void check_data_file(Database& database) {
    const std::int64_t owner = database.number("PRAGMA application_id");
    if (owner == backup_application_id) throw StoreUnavailable("it is a backup itself");
    if (owner != application_id) throw StoreUnavailable("it belongs to another application");
    check_layout(database);
    if (database.number("PRAGMA user_version") < layout_version)
        throw StoreUnavailable("it is of an older limpd; start this one with it once");
}

void check_backup(Database& backup) {
    const std::int64_t owner = backup.number("PRAGMA application_id");
    if (owner == application_id) throw StoreUnavailable("it is a data file, not a backup that limpd has made");
    if (owner != backup_application_id) throw StoreUnavailable("it is no backup that limpd has made");
    check_layout(backup);
    Statement check = backup.select("PRAGMA quick_check(1)");
    check.next();
    if (check.bytes(0) != "ok") throw StoreUnavailable("it is damaged: " + std::string(check.bytes(0)));
}

// The moment's documents, then the bytes that they name.
Backup write_backup(Database& source, const fs::path& data_file, const fs::path& to) {
    const FileFolder::Hold hold(files_of(data_file));  // before the moment: what it names stays
    Database backup(to, Database::Access::write);
    {
        const DatabaseTransaction moment(source, DatabaseTransaction::Kind::read);
        source.copy_to(backup);
    }
    write_carelessly(backup);
    Backup report = count(backup);
    pack_files(backup, FileFolder(files_of(data_file)), report);
    set_owner(backup, backup_application_id);
    return report;
}

// A data file on its way: under other names until all of it is on the disk.
class Restoring {
public:
    // Requires: the data file is locked. What an earlier one left goes.
    explicit Restoring(const fs::path& data_file)
        : data_file_(data_file),
          database_(data_file.string() + ".restoring"),
          copy_(database_.string() + "-copy"),
          files_(files_of(database_)) {
        clear();
    }
    ~Restoring() { clear(); }
    Restoring(const Restoring&) = delete;
    Restoring& operator=(const Restoring&) = delete;

    void copy_documents(Database& backup) const { store::copy_documents(backup, copy_, database_); }

    void copy_files(Database& backup, Backup& report) const {
        FileFolder folder(files_);
        unpack_files(backup, folder, report);
    }

    // The database comes last: without it there is nothing that limpd would take for a store.
    void finish() const {
        Descriptor(database_, O_RDWR).sync();
        rename(files_, files_of(data_file_));
        rename(database_, data_file_);
    }

private:
    void clear() const {
        std::error_code ignored;
        fs::remove(database_, ignored);
        fs::remove(copy_, ignored);
        fs::remove_all(files_, ignored);
    }

    static void rename(const fs::path& from, const fs::path& to) {
        std::error_code error;
        fs::rename(from, to, error);
        if (error) throw StoreUnavailable(to.string() + ": " + error.message());
        sync_folder(to.parent_path());
    }

    fs::path data_file_;
    fs::path database_;
    fs::path copy_;
    fs::path files_;
};

// What goes wrong is told with what was to be done.
template <class Error>
auto telling(const std::string& task, const auto& work) {
    try {
        return work();
    } catch (const StoreUnavailable& error) {
        throw Error(task + ": " + error.what());
    }
}

// As it is asked for, before anything is done.
auto checking(const std::string& task, const auto& work) {
    return telling<CannotBegin>(task, work);
}

auto doing(const std::string& task, const auto& work) {
    return telling<StoreUnavailable>(task, work);
}

}  // namespace

Backup back_up(const fs::path& data_file, const fs::path& file) {
    const fs::path path = fs::weakly_canonical(fs::absolute(data_file));
    const fs::path target = fs::absolute(file);
    const std::string task = "cannot back up " + data_file.string();
    const std::unique_ptr<Database> source = checking(task, [&] {
        check_is_file(path);
        auto opened = std::make_unique<Database>(path, Database::Access::read);
        check_data_file(*opened);
        return opened;
    });
    const std::string whole_task = task + " to " + file.string();
    const std::unique_ptr<UnfinishedFile> name = checking(whole_task, [&] {
        refuse_if_there(target);
        auto made = std::make_unique<UnfinishedFile>(target.string() + ".new-" + base::new_random_id());
        make_private(made->path());
        return made;
    });
    return doing(whole_task, [&] {
        Backup report = write_backup(*source, path, name->path());
        Descriptor(name->path(), O_RDWR).sync();
        refuse_if_there(target);
        name->finish(target);
        sync_folder(target.parent_path());
        return report;
    });
}

Backup restore(const fs::path& file, const fs::path& data_file) {
    const std::unique_ptr<Database> backup = checking("cannot restore " + file.string(), [&] {
        check_is_file(file);
        auto opened = std::make_unique<Database>(file, Database::Access::read);
        check_backup(*opened);
        return opened;
    });
    const std::string task = "cannot restore " + file.string() + " to " + data_file.string();
    const std::unique_ptr<SqliteLock> lock = checking(task, [&] {
        auto locked = std::make_unique<SqliteLock>(data_file);
        for (const char* beside : {"", ".files", "-wal", "-shm", "-journal"})
            refuse_if_there(locked->path().string() + beside);
        return locked;
    });
    return doing(task, [&] {
        const Restoring restoring(lock->path());
        Backup report = count(*backup);
        restoring.copy_documents(*backup);
        restoring.copy_files(*backup, report);
        restoring.finish();
        return report;
    });
}

}  // namespace limp::store
