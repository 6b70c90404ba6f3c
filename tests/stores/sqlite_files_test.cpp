// Where SQLite keeps the bytes of files: a folder beside the database.
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "store/file_folder.hpp"
#include "store/stores.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

namespace fs = std::filesystem;

constexpr const char* hash_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

// What the sqlite3 shell prints for that SQL: the columns of each row with "|" between.
std::string shell(const fs::path& file, const std::string& sql) {
    sqlite3* connection = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
    std::string printed;
    const auto print = [](void* out, int columns, char** values, char**) {
        for (int column = 0; column < columns; ++column)
            *static_cast<std::string*>(out) += (column ? "|" : "") + std::string(values[column]);
        *static_cast<std::string*>(out) += "\n";
        return 0;
    };
    EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), print, &printed, nullptr), SQLITE_OK) << sqlite3_errmsg(connection);
    sqlite3_close(connection);
    return printed;
}

class SqliteFilesTest : public testing::Test {
protected:
    fs::path database() const { return folder_ / "limp.db"; }
    fs::path files() const { return folder_ / "limp.db.files"; }

    std::unique_ptr<Store> open() const {
        std::unique_ptr<Store> store = open_sqlite(database());
        store->prepare({people()});
        return store;
    }

    // The names of all the files in the folder.
    std::set<std::string> names() const {
        std::set<std::string> names;
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(files()))
            if (entry.is_regular_file()) names.insert(entry.path().filename().string());
        return names;
    }

    // What version 1 of the layout kept, as its limpd wrote it: the person 1 has a photo, 2 a deleted one, and nobody
    // has the file 103.
    void write_version_1() const {
        shell(
            database(),
            "PRAGMA journal_mode = WAL;"
            "CREATE TABLE limp_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
            "CREATE TABLE limp_unique (collection TEXT NOT NULL, attrs TEXT NOT NULL, key TEXT NOT NULL,"
            "    id TEXT NOT NULL, PRIMARY KEY (collection, attrs, key)) WITHOUT ROWID;"
            "CREATE TABLE limp_credentials (id TEXT PRIMARY KEY, credential TEXT NOT NULL) WITHOUT ROWID;"
            "CREATE TABLE limp_files (id TEXT PRIMARY KEY, bytes BLOB NOT NULL);"
            "CREATE TABLE c_person (n INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL,"
            "    deleted INTEGER NOT NULL DEFAULT 0, doc TEXT NOT NULL);"
            "PRAGMA application_id = 1279872336; PRAGMA user_version = 1;"
        );
        const std::string one = id(1), two = id(2);
        shell(
            database(),
            "INSERT INTO limp_meta VALUES ('collection:person', '{\"unique\":[[\"email\"]],\"folded\":[]}');"
            "INSERT INTO c_person (id, doc) VALUES ('" +
                one + "', '{\"_id\":\"" + one + "\",\"photo\":{\"name\":\"a\",\"__file\":\"" + id(101) +
                "\"},\"_rev\":1}');"
                "INSERT INTO c_person (id, deleted, doc) VALUES ('" +
                two + "', 1, '{\"_id\":\"" + two + "\",\"photo\":{\"__file\":\"" + id(102) +
                "\"},\"_rev\":2,\"__deleted\":true}');"
                "INSERT INTO limp_credentials VALUES ('" +
                one +
                "', 'hash');"
                "INSERT INTO limp_files VALUES ('" +
                id(101) +
                "', x'616263');"  // abc
                "INSERT INTO limp_files VALUES ('" +
                id(102) +
                "', zeroblob(200000));"
                "INSERT INTO limp_files VALUES ('" +
                id(103) + "', x'00');"
        );
    }

    void expect_version_1_kept(Store& store) const {
        EXPECT_EQ(shell(database(), "PRAGMA user_version"), "3\n");
        EXPECT_EQ(file_of(store, id(101)), "abc");
        EXPECT_EQ(file_of(store, id(102)), std::string(200'000, '\0'));
        EXPECT_EQ(file_of(store, id(103)), std::nullopt);
        EXPECT_EQ(names().size(), 2u);
        EXPECT_EQ(find(store, 1)->find("photo")->find("__file")->string(), id(101));
        EXPECT_EQ(credential_of(store, id(1)), "hash");
        EXPECT_EQ(
            shell(database(), "SELECT id, uses FROM limp_files ORDER BY id"), id(101) + "|1\n" + id(102) + "|1\n"
        );
        EXPECT_EQ(shell(database(), "PRAGMA integrity_check"), "ok\n");
    }

private:
    Folder folder_;
};

std::vector<Change> person_with_photo(int number, int photo, const std::string& bytes) {
    return {create(person(number, {{"photo", Object{{"__file", id(photo)}}}})), file(id(photo), bytes)};
}

Change no_match() {
    Change change = update(by_id(9), {{"age", 1}});
    change.must_match = true;
    return change;
}

// Replaces the photo of the person 1 until it is killed, and says the number of each that is stored.
[[noreturn]] void replace_until_killed(const fs::path& database, int first, int says) {
    try {
        const std::unique_ptr<Store> store = open_sqlite(database);
        store->prepare({people()});
        for (int number = first;; ++number) {
            write(
                *store, {update(by_id(1), {{"photo", Object{{"__file", id(number)}}}}),
                         file(id(number), "bytes " + std::to_string(number))}
            );
            if (::write(says, &number, sizeof number) != sizeof number) break;
        }
    } catch (...) {
        _exit(2);
    }
    _exit(1);
}

// The last number that was said by a process which is killed when it has said so many.
int replace_and_kill(const fs::path& database, int first, int count) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    const pid_t child = fork();
    if (child == 0) replace_until_killed(database, first, ends[1]);
    close(ends[1]);
    int last = 0;
    for (int number = 0; ::read(ends[0], &number, sizeof number) == sizeof number; last = number)
        if (number == first + count) kill(child, SIGKILL);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself, with " << WEXITSTATUS(status);
    return last;
}

}  // namespace

TEST_F(SqliteFilesTest, EqualBytesAreOneFileUntilNobodyHasThem) {
    const std::unique_ptr<Store> store = open();
    write(*store, person_with_photo(1, 101, "abc"));
    write(*store, person_with_photo(2, 102, "abc"));
    EXPECT_EQ(names(), std::set<std::string>{hash_of_abc});
    EXPECT_EQ(
        shell(database(), "SELECT hash, size, uses FROM limp_files"),
        std::string(hash_of_abc) + "|3|1\n" + hash_of_abc + "|3|1\n"
    );
    write(*store, hard_delete(by_id(1)));
    EXPECT_EQ(names(), std::set<std::string>{hash_of_abc});
    write(*store, update(by_id(2), {{"photo", nullptr}}));
    EXPECT_EQ(names(), std::set<std::string>{});
    EXPECT_EQ(shell(database(), "SELECT count(*) FROM limp_files"), "0\n");
}

TEST_F(SqliteFilesTest, ABatchThatFailsLeavesNoRowAndTheNextStartItsBytes) {
    std::unique_ptr<Store> store = open();
    std::vector<Change> changes = person_with_photo(1, 101, "abc");
    changes.push_back(no_match());
    EXPECT_THROW(write(*store, changes), NoMatch);
    EXPECT_EQ(shell(database(), "SELECT count(*) FROM limp_files"), "0\n");
    EXPECT_EQ(names(), std::set<std::string>{hash_of_abc});
    store.reset();
    store = open();
    EXPECT_EQ(names(), std::set<std::string>{});
}

TEST_F(SqliteFilesTest, WhatACrashLeftIsRemovedAtTheNextStart) {
    std::unique_ptr<Store> store = open();
    write(*store, person_with_photo(1, 101, "abc"));
    write(*store, file(id(102), "nobody's"));
    EXPECT_EQ(names().size(), 2u);
    store.reset();
    const fs::path unfinished = files() / "ba" / (hash_of_abc + std::string(".new-1"));
    std::ofstream(unfinished) << "ab";
    store = open();
    EXPECT_EQ(names(), std::set<std::string>{hash_of_abc});
    EXPECT_EQ(file_of(*store, id(101)), "abc");
    EXPECT_EQ(file_of(*store, id(102)), std::nullopt);
}

TEST_F(SqliteFilesTest, BytesThatAreMissingOrDamagedAreSaid) {
    const std::unique_ptr<Store> store = open();
    write(*store, person_with_photo(1, 101, "abc"));
    std::ofstream(files() / "ba" / hash_of_abc) << "abd";
    EXPECT_THROW(file_of(*store, id(101)), StoreUnavailable);
    fs::remove(files() / "ba" / hash_of_abc);
    EXPECT_THROW(file_of(*store, id(101)), StoreUnavailable);
    write(*store, person_with_photo(2, 102, "abc"));
    EXPECT_EQ(file_of(*store, id(101)), "abc");
}

TEST_F(SqliteFilesTest, RemovalsWaitForWhoHoldsTheFolder) {
    const std::unique_ptr<Store> store = open();
    write(*store, person_with_photo(1, 101, "abc"));
    {
        const FileFolder::Hold hold(files());
        write(*store, hard_delete(by_id(1)));
        EXPECT_EQ(file_of(*store, id(101)), std::nullopt);
        EXPECT_EQ(names(), std::set<std::string>{hash_of_abc});
    }
    write(*store, create(person(2)));
    EXPECT_EQ(names(), std::set<std::string>{});
}

TEST_F(SqliteFilesTest, BytesThatDoNotFitOnTheDiskFailTheirBatchAlone) {
    const std::unique_ptr<Store> store = open();
    signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit full = {1'000'000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &full);
    EXPECT_THROW(write(*store, person_with_photo(1, 101, std::string(2'000'000, 'x'))), StoreUnavailable);
    write(*store, person_with_photo(2, 102, "abc"));
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_EQ(find(*store, 1), std::nullopt);
    EXPECT_EQ(names(), std::set<std::string>{hash_of_abc});
}

TEST_F(SqliteFilesTest, AfterAKillEveryNameHasItsBytesAndNoBytesAreLeft) {
    write(*open(), create(person(1)));
    for (int round = 1; round <= 4; ++round) {
        const int last = replace_and_kill(database(), 1'000 * round, 7 * round);
        ASSERT_GT(last, 0);
        const std::unique_ptr<Store> store = open();
        const std::string now = find(*store, 1)->find("photo")->find("__file")->string();
        EXPECT_GE(now, id(last));
        EXPECT_EQ(file_of(*store, now), "bytes " + std::to_string(std::stoi(now)));
        EXPECT_EQ(names().size(), 1u);
        EXPECT_EQ(shell(database(), "SELECT id, uses FROM limp_files"), now + "|1\n");
    }
}

TEST_F(SqliteFilesTest, TheFirstLayoutIsBroughtToThisOne) {
    write_version_1();
    const std::unique_ptr<Store> store = open();
    expect_version_1_kept(*store);
    write(*store, hard_delete(by_id(1)));
    EXPECT_EQ(file_of(*store, id(101)), std::nullopt);
}

TEST_F(SqliteFilesTest, FilesOfPackagesThatAreNotLoadedAreKept) {
    write_version_1();
    open_sqlite(database())->prepare({collection("other")});
    open_sqlite(database())->prepare({collection("other")});
    expect_version_1_kept(*open());
}

TEST_F(SqliteFilesTest, AnInterruptedUpgradeStartsOver) {
    write_version_1();
    signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit full = {100'000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &full);
    EXPECT_THROW(open_sqlite(database()), StoreUnavailable);
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_EQ(shell(database(), "PRAGMA user_version"), "1\n");
    EXPECT_EQ(shell(database(), "SELECT count(bytes) FROM limp_files"), "3\n");
    expect_version_1_kept(*open());
}

}  // namespace limp::store
