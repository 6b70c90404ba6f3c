// A store in one file, and back: nothing is missing, whatever happens meanwhile.
#include "store/sqlite_backup.hpp"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <fstream>
#include <stop_token>
#include <thread>

#include "base/loop.hpp"
#include "store/file_folder.hpp"
#include "store/stores.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

namespace fs = std::filesystem;

constexpr const char* hash_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

void run_sql(const fs::path& file, const std::string& sql) {
    sqlite3* connection = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(connection);
    sqlite3_close(connection);
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::vector<Change> person_with_photo(int number, int photo, const std::string& bytes) {
    return {
        create(person(number, {{"email", std::to_string(number)}, {"photo", Object{{"__file", id(photo)}}}})),
        file(id(photo), bytes), credential(id(number), "hash of " + std::to_string(number))
    };
}

// The photo of each number below; some are equal.
std::string photo_of(int number) {
    return std::string(static_cast<std::size_t>(number % 7), 'x') + "photo";
}

LogPage log_of(Store& store) {
    return base::run_to_end(store.log(0, 1'000'000));
}

std::string refusal(const std::function<void()>& task) {
    try {
        task();
    } catch (const StoreUnavailable& error) {
        return error.what();
    }
    ADD_FAILURE() << "it was done";
    return {};
}

class SqliteBackupTest : public testing::Test {
protected:
    fs::path data() const { return folder_ / "limp.db"; }
    fs::path backup() const { return folder_ / "backup"; }
    fs::path restored() const { return folder_ / "elsewhere/limp.db"; }

    std::unique_ptr<Store> open(const fs::path& file) const {
        std::unique_ptr<Store> store = open_sqlite(file);
        store->prepare({people()});
        return store;
    }

    // Everything that a store with a few persons has.
    std::unique_ptr<Store> open_with_persons() const {
        std::unique_ptr<Store> store = open(data());
        for (int number = 1; number <= 20; ++number)
            write(*store, person_with_photo(number, 100 + number, photo_of(number)));
        write(*store, person_with_photo(21, 121, std::string(3'000'000, '\xFF')));
        write(*store, person_with_photo(22, 122, ""));
        write(*store, {soft_delete(by_id(3)), hard_delete(by_id(4)), update(by_id(5), {{"age", 5}})});
        return store;
    }

    static void expect_equal(Store& left, Store& right) {
        EXPECT_EQ(read(left).docs, read(right).docs);
        EXPECT_EQ(log_of(left).batches, log_of(right).batches);
        for (int number = 1; number <= 22; ++number) {
            EXPECT_EQ(credential_of(left, id(number)), credential_of(right, id(number)));
            EXPECT_EQ(file_of(left, id(100 + number)), file_of(right, id(100 + number))) << number;
        }
    }

    // The names in the folder of the test, but for those of the data file and its companions.
    std::vector<std::string> left_over() const {
        std::vector<std::string> names;
        for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "."))
            if (const std::string name = entry.path().filename(); !name.starts_with("limp.db")) names.push_back(name);
        return names;
    }

private:
    Folder folder_;
};

}  // namespace

TEST_F(SqliteBackupTest, WhatIsRestoredIsWhatWasBackedUp) {
    const std::unique_ptr<Store> store = open_with_persons();
    const Backup made = back_up(data(), backup());
    EXPECT_EQ(made.batch, log_of(*store).last);
    EXPECT_EQ(made.documents, 20);
    EXPECT_EQ(made.credentials, 21);
    EXPECT_EQ(made.files, 21);
    EXPECT_TRUE(made.lost.empty());
    EXPECT_EQ(fs::status(backup()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(left_over(), std::vector<std::string>{"backup"});

    const Backup back = restore(backup(), restored());
    EXPECT_EQ(back.batch, made.batch);
    EXPECT_EQ(back.documents, made.documents);
    EXPECT_TRUE(back.lost.empty());
    const std::unique_ptr<Store> copy = open(restored());
    expect_equal(*store, *copy);
    EXPECT_EQ(duplicate(*copy, {create(person(23, {{"email", "5"}}))}), std::vector<std::string>{"email"});
    EXPECT_EQ(duplicate(*copy, {create(person(3))}), std::vector<std::string>{"_id"});
    write(*copy, create(person(24, {{"email", "3"}})));
    EXPECT_EQ(log_of(*copy).last, made.batch + 1);
    EXPECT_EQ(fs::status(restored()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(SqliteBackupTest, TheStoreNeedNotBeOpen) {
    open_with_persons();
    back_up(data(), backup());
    restore(backup(), restored());
    expect_equal(*open(data()), *open(restored()));
}

TEST_F(SqliteBackupTest, TheBytesOfFilesTakeNoRoomInTheRestoredDatabase) {
    open_with_persons();
    back_up(data(), backup());
    restore(backup(), restored());
    EXPECT_GT(fs::file_size(backup()), 3'000'000u);
    EXPECT_LT(fs::file_size(restored()), 1'000'000u);
}

// Each batch counts in the document 0 and replaces the photo of a person: whatever the moment of the backup is, all of
// it must be of that moment.
TEST_F(SqliteBackupTest, BesideAWriterItIsOfOneMoment) {
    const std::unique_ptr<Store> store = open(data());
    write(*store, create(person(0)));
    for (int number = 1; number <= 5; ++number)
        write(*store, person_with_photo(number, 100 + number, std::to_string(number)));
    const std::jthread writer([&](const std::stop_token& is_over) {
        for (int count = 1; !is_over.stop_requested(); ++count) {
            const int number = count % 5 + 1;
            const std::string photo = id(1'000 + count);
            write(
                *store, {update(by_id(0), {{"count", count}}),
                         update(by_id(number), {{"photo", Object{{"__file", photo}}}, {"count", count}}),
                         file(photo, std::to_string(count))}
            );
        }
    });
    for (int round = 0; round < 5; ++round) {
        const fs::path file = backup().string() + std::to_string(round);
        const fs::path place = restored().string() + std::to_string(round);
        const Backup made = back_up(data(), file);
        EXPECT_TRUE(made.lost.empty());
        restore(file, place);
        const std::unique_ptr<Store> copy = open(place);
        EXPECT_EQ(log_of(*copy).last, made.batch);
        const LogPage log = log_of(*store);
        const auto until = log.batches.begin() + static_cast<std::ptrdiff_t>(made.batch);
        EXPECT_EQ(log_of(*copy).batches, std::vector<LoggedBatch>(log.batches.begin(), until));
        const Document counter = *find(*copy, 0);
        const Value* count = counter.find("count");
        for (int number = 1; number <= 5; ++number) {
            const Document document = *find(*copy, number);
            const auto bytes = file_of(*copy, document.find("photo")->find("__file")->string());
            const Value* of_it = document.find("count");
            EXPECT_EQ(bytes, std::to_string(of_it ? of_it->integer() : number));
            if (of_it) EXPECT_LE(of_it->integer(), count->integer());
        }
    }
}

TEST_F(SqliteBackupTest, NothingIsOverwritten) {
    open_with_persons();
    std::ofstream(backup()) << "precious";
    EXPECT_TRUE(has(refusal([&] { back_up(data(), backup()); }), "exists already"));
    EXPECT_EQ(fs::file_size(backup()), 8u);
    fs::remove(backup());
    back_up(data(), backup());
    EXPECT_TRUE(has(refusal([&] { restore(backup(), data()); }), "limp.db exists already"));
    restore(backup(), restored());
    for (const char* beside : {"", ".files"}) {
        open(restored());
        fs::remove_all(restored().string() + beside);
        EXPECT_TRUE(has(refusal([&] { restore(backup(), restored()); }), "exists already")) << beside;
    }
    fs::remove_all(restored().parent_path());
    fs::create_directory(restored().parent_path());
    std::ofstream(restored().string() + "-wal") << "of another database";
    EXPECT_TRUE(has(refusal([&] { restore(backup(), restored()); }), "-wal exists already"));
}

TEST_F(SqliteBackupTest, NothingIsRestoredUnderARunningLimpd) {
    open_with_persons();
    back_up(data(), backup());
    const std::unique_ptr<Store> running = open(restored());
    EXPECT_TRUE(has(refusal([&] { restore(backup(), restored()); }), "in use by another limpd"));
}

TEST_F(SqliteBackupTest, WhatIsNoDataFileIsNotBackedUp) {
    EXPECT_TRUE(has(refusal([&] { back_up(data(), backup()); }), "no such file"));
    std::ofstream(data()) << std::string(5'000, 'x');
    EXPECT_TRUE(has(refusal([&] { back_up(data(), backup()); }), "not a database"));
    fs::remove(data());
    run_sql(data(), "CREATE TABLE notes (text TEXT)");
    EXPECT_TRUE(has(refusal([&] { back_up(data(), backup()); }), "another application"));
    fs::remove(data());
    open(data());
    run_sql(data(), "PRAGMA user_version = 1");
    EXPECT_TRUE(has(refusal([&] { back_up(data(), backup()); }), "older limpd"));
    run_sql(data(), "PRAGMA user_version = 99");
    EXPECT_TRUE(has(refusal([&] { back_up(data(), backup()); }), "newer limpd"));
    EXPECT_TRUE(left_over().empty());
}

TEST_F(SqliteBackupTest, WhatIsNoBackupIsNotRestored) {
    const auto refused = [&](const fs::path& file) { return refusal([&] { restore(file, restored()); }); };
    EXPECT_TRUE(has(refused(backup()), "no such file"));
    std::ofstream(backup()) << std::string(5'000, 'x');
    EXPECT_TRUE(has(refused(backup()), "not a database"));
    for (const char* few : {"", "x"}) {
        std::ofstream(backup()) << few;
        EXPECT_TRUE(has(refused(backup()), "no backup"));
    }
    open_with_persons();
    EXPECT_TRUE(has(refused(data()), "it is a data file"));
    fs::remove(backup());
    back_up(data(), backup());
    EXPECT_TRUE(has(refusal([&] { open_sqlite(backup()); }), "limpd restore"));
    EXPECT_TRUE(has(refusal([&] { back_up(backup(), backup().string() + "2"); }), "a backup itself"));
    run_sql(backup(), "PRAGMA user_version = 99");
    EXPECT_TRUE(has(refused(backup()), "newer limpd"));
    EXPECT_FALSE(fs::exists(restored()));
}

TEST_F(SqliteBackupTest, ADamagedBackupIsNotRestored) {
    open_with_persons();
    back_up(data(), backup());
    run_sql(backup(), "UPDATE limp_backup_files SET bytes = x'00' WHERE part = 1");
    EXPECT_TRUE(has(refusal([&] { restore(backup(), restored()); }), "damaged"));
    EXPECT_FALSE(fs::exists(restored()));
    EXPECT_FALSE(fs::exists(restored().string() + ".files"));
    fs::resize_file(backup(), fs::file_size(backup()) / 2);
    EXPECT_TRUE(has(refusal([&] { restore(backup(), restored()); }), "cannot restore"));
    EXPECT_FALSE(fs::exists(restored()));
}

TEST_F(SqliteBackupTest, FilesThatCannotBeReadAreLeftOutAndNamed) {
    const std::unique_ptr<Store> store = open(data());
    write(*store, person_with_photo(1, 101, "abc"));
    write(*store, person_with_photo(2, 102, "more"));
    fs::remove(data().string() + ".files/ba/" + hash_of_abc);
    const Backup made = back_up(data(), backup());
    ASSERT_EQ(made.lost.size(), 1u);
    EXPECT_TRUE(has(made.lost[0], id(101)));
    const Backup back = restore(backup(), restored());
    ASSERT_EQ(back.lost.size(), 1u);
    EXPECT_TRUE(has(back.lost[0], id(101)));
    EXPECT_EQ(file_of(*open(restored()), id(102)), "more");
}

TEST_F(SqliteBackupTest, WhenTheDiskIsFullNothingIsLeft) {
    open_with_persons();
    signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit full = {100'000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &full);
    EXPECT_THROW(back_up(data(), backup()), StoreUnavailable);
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_TRUE(left_over().empty());
    back_up(data(), backup());
    setrlimit(RLIMIT_FSIZE, &full);
    EXPECT_THROW(restore(backup(), restored()), StoreUnavailable);
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_EQ(fs::exists(restored()), false);
    restore(backup(), restored());
}

TEST_F(SqliteBackupTest, AnInterruptedRestoreIsStartedOver) {
    open_with_persons();
    back_up(data(), backup());
    fs::create_directories(restored().string() + ".restoring.files/ba");
    std::ofstream(restored().string() + ".restoring") << "half";
    std::ofstream(restored().string() + ".restoring-copy") << "half";
    restore(backup(), restored());
    expect_equal(*open(data()), *open(restored()));
    EXPECT_FALSE(fs::exists(restored().string() + ".restoring.files"));
    EXPECT_FALSE(fs::exists(restored().string() + ".restoring-copy"));
}

}  // namespace limp::store
