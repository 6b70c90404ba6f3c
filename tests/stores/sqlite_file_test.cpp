// What SQLite does besides what every driver does: the file, who may open it, what is in it.
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "sqlite_test.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

namespace fs = std::filesystem;

// Why the file is not opened.
std::string refusal(const fs::path& file) {
    try {
        open_sqlite(file);
    } catch (const StoreUnavailable& error) {
        return error.what();
    }
    ADD_FAILURE() << "it was opened";
    return {};
}

void write_file(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// Whether people are told why, and what would be right.
bool tells_to_let_it_write(const std::string& refusal, const std::string& why) {
    return has(refusal, why) && has(refusal, "must be able to write it and its folder");
}

// While it lives, everybody may look into the folder and nobody may change anything in it.
class ReadOnlyFolder {
public:
    explicit ReadOnlyFolder(fs::path path) : path_(std::move(path)) {
        fs::permissions(path_, fs::perms::all);
        fs::permissions(path_, write, fs::perm_options::remove);
    }
    ~ReadOnlyFolder() { fs::permissions(path_, fs::perms::owner_all); }
    ReadOnlyFolder(const ReadOnlyFolder&) = delete;
    ReadOnlyFolder& operator=(const ReadOnlyFolder&) = delete;

private:
    static constexpr fs::perms write = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;

    fs::path path_;
};

// While it lives, files cannot grow past that size: what a full disk looks like.
class FullDisk {
public:
    explicit FullDisk(std::uintmax_t bytes) {
        signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit = {bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit before_{};
};

// While it lives, this process is nobody in particular: root may write what it likes.
class Nobody {
public:
    Nobody() {
        if (geteuid() == 0) EXPECT_EQ(seteuid(65'534), 0);
    }
    ~Nobody() {
        if (getuid() == 0) EXPECT_EQ(seteuid(0), 0);
    }
    Nobody(const Nobody&) = delete;
    Nobody& operator=(const Nobody&) = delete;
};

}  // namespace

TEST(SqliteFile, IsMadeWithItsFolder) {
    const Folder folder;
    const fs::path file = folder / "a/b/limp.db";
    const std::unique_ptr<Store> store = open_people(file);
    EXPECT_TRUE(fs::exists(file));
    EXPECT_EQ(store->description(), "SQLite, " + file.string());
}

TEST(SqliteFile, IsForItsOwnerAlone) {
    const Folder folder;
    const std::unique_ptr<Store> store = open_people(folder / "limp.db");
    write(*store, create(person(1)));
    for (const char* name : {"limp.db", "limp.db-wal", "limp.db.lock"})
        EXPECT_EQ(fs::status(folder / name).permissions(), fs::perms::owner_read | fs::perms::owner_write) << name;
}

TEST(SqliteFile, KeepsEverythingWhenItIsOpenedAgain) {
    const Folder folder;
    {
        const std::unique_ptr<Store> store = open_people(folder / "limp.db");
        write(
            *store, {create(person(1, {{"email", "a@x.y"}})), update(by_id(1), {{"age", 1}}), create(person(2)),
                     soft_delete(by_id(2)), credential(id(1), "hash"), file(id(3), std::string("\0x", 2)),
                     create(person(3, {{"photo", Object{{"__file", id(3)}}}})), soft_delete(by_id(3))}
        );
    }
    const std::unique_ptr<Store> store = open_people(folder / "limp.db");
    EXPECT_EQ(ids(read(*store)), ids({1}));
    EXPECT_EQ(find(*store, 1), person(1, {{"email", "a@x.y"}, {"age", 1}, {"_rev", 2}}));
    EXPECT_EQ(credential_of(*store, id(1)), "hash");
    EXPECT_EQ(file_of(*store, id(3)), std::string("\0x", 2));
    EXPECT_EQ(duplicate(*store, {create(person(4, {{"email", "A@X.Y"}}))}), std::vector<std::string>{"email"});
    EXPECT_EQ(duplicate(*store, {create(person(2))}), std::vector<std::string>{"_id"});
}

TEST(SqliteFile, AnotherDeclarationIsNoticedWhenItIsOpenedAgain) {
    const Folder folder;
    {
        const std::unique_ptr<Store> store = open_people(folder / "limp.db");
        write(*store, {create(person(1, {{"town", "Sur"}})), create(person(2, {{"town", "Sur"}}))});
    }
    const std::unique_ptr<Store> store = open_sqlite(folder / "limp.db");
    Collection stricter = people();
    stricter.unique.push_back({"town"});
    EXPECT_THROW(store->prepare({stricter}), Unfit);
}

TEST(SqliteFile, ASecondLimpdIsRefused) {
    const Folder folder;
    std::unique_ptr<Store> store = open_people(folder / "limp.db");
    EXPECT_TRUE(has(refusal(folder / "limp.db"), "in use by another limpd"));
    fs::create_symlink(folder / "limp.db", folder / "other.db");
    EXPECT_TRUE(has(refusal(folder / "other.db"), "in use by another limpd"));
    write(*store, create(person(1)));
    store.reset();
    EXPECT_EQ(read(*open_people(folder / "limp.db")).total, 1);
}

TEST(SqliteFile, IsReadByTheSqliteShellWhileItIsOpen) {
    const Folder folder;
    const std::unique_ptr<Store> store = open_people(folder / "limp.db");
    write(*store, {create(person(1, {{"name", "Ann"}})), create(person(2)), soft_delete(by_id(2))});
    EXPECT_EQ(
        shell(folder / "limp.db", "SELECT id, deleted, doc FROM c_person ORDER BY n"),
        id(1) + R"(|0|{"_id":")" + id(1) + R"(","name":"Ann","_rev":1})" + "\n" + id(2) + R"(|1|{"_id":")" + id(2) +
            R"(","_rev":2,"__deleted":true})" + "\n"
    );
    EXPECT_EQ(shell(folder / "limp.db", "PRAGMA integrity_check"), "ok\n");
    write(*store, create(person(3)));
}

TEST(SqliteFile, SurvivesAShellThatWrites) {
    const Folder folder;
    const std::unique_ptr<Store> store = open_people(folder / "limp.db");
    shell(folder / "limp.db", "CREATE TABLE notes (text TEXT)");
    write(*store, create(person(1)));
    EXPECT_EQ(read(*store).total, 1);
}

TEST(SqliteFile, ThatIsNoDatabaseIsRefusedAndLeftAlone) {
    const Folder folder;
    const std::string text(5'000, 'x');
    write_file(folder / "limp.db", text);
    EXPECT_TRUE(has(refusal(folder / "limp.db"), "not a database"));
    EXPECT_EQ(bytes_of(folder / "limp.db"), text);
    // SQLite itself takes so short a file for an empty one and writes over it.
    write_file(folder / "short.db", "x");
    EXPECT_TRUE(has(refusal(folder / "short.db"), "not a database"));
    EXPECT_EQ(bytes_of(folder / "short.db"), "x");
}

TEST(SqliteFile, OfAnotherApplicationIsRefusedAndLeftAlone) {
    const Folder folder;
    shell(folder / "tables.db", "CREATE TABLE notes (text TEXT)");
    shell(folder / "named.db", "PRAGMA application_id = 17");
    shell(folder / "numbered.db", "PRAGMA user_version = 1");
    for (const char* name : {"tables.db", "named.db", "numbered.db"}) {
        const std::string before = bytes_of(folder / name);
        EXPECT_TRUE(has(refusal(folder / name), "belongs to another application")) << name;
        EXPECT_EQ(bytes_of(folder / name), before) << name;
    }
}

TEST(SqliteFile, OfANewerLimpdIsRefused) {
    const Folder folder;
    open_people(folder / "limp.db");
    shell(folder / "limp.db", "PRAGMA user_version = 99");
    EXPECT_TRUE(has(refusal(folder / "limp.db"), "newer limpd"));
    shell(folder / "limp.db", "PRAGMA user_version = 0");
    EXPECT_TRUE(has(refusal(folder / "limp.db"), "unknown layout 0"));
}

TEST(SqliteFile, ThatIsEmptyIsTaken) {
    const Folder folder;
    write_file(folder / "limp.db", "");
    write(*open_people(folder / "limp.db"), create(person(1)));
    EXPECT_EQ(shell(folder / "limp.db", "SELECT count(*) FROM c_person"), "1\n");
}

TEST(SqliteFile, ThatIsAFolderIsRefused) {
    const Folder folder;
    fs::create_directory(folder / "limp.db");
    EXPECT_TRUE(has(refusal(folder / "limp.db"), "limp.db"));
}

TEST(SqliteFile, UnderAFileIsRefused) {
    const Folder folder;
    write_file(folder / "file", "");
    EXPECT_TRUE(has(refusal(folder / "file/limp.db"), "folder cannot be made"));
}

TEST(SqliteFile, ThatMayNotBeWrittenIsRefused) {
    const Folder folder;
    open_people(folder / "limp.db");
    fs::permissions(folder / "limp.db.lock", fs::perms::all);
    fs::permissions(folder / "limp.db", fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
    fs::permissions(folder / ".", fs::perms::all);
    const Nobody nobody;
    const std::string why = refusal(folder / "limp.db");
    EXPECT_TRUE(tells_to_let_it_write(why, "limp.db: Permission denied")) << why;
}

TEST(SqliteFile, InAFolderThatMayNotBeWrittenIsRefused) {
    const Folder folder;
    fs::create_directory(folder / "data");
    const ReadOnlyFolder outer(folder / ".");
    const ReadOnlyFolder inner(folder / "data");
    const Nobody nobody;
    const std::string why = refusal(folder / "data/limp.db");
    EXPECT_TRUE(tells_to_let_it_write(why, "data: Permission denied")) << why;
    EXPECT_TRUE(has(refusal(folder / "data/deeper/limp.db"), "folder cannot be made: Permission denied"));
}

TEST(SqliteFile, BesideWhichNoLogCanBeMadeIsRefused) {
    const Folder folder;
    open_people(folder / "data/limp.db");
    for (const char* name : {"data/limp.db", "data/limp.db.lock"}) fs::permissions(folder / name, fs::perms::all);
    const ReadOnlyFolder outer(folder / ".");
    const ReadOnlyFolder inner(folder / "data");
    const Nobody nobody;
    const std::string why = refusal(folder / "data/limp.db");
    EXPECT_TRUE(tells_to_let_it_write(why, "data: Permission denied")) << why;
}

TEST(SqliteFile, WhenTheDiskIsFullNothingOfABatchIsStored) {
    const Folder folder;
    const std::unique_ptr<Store> store = open_people(folder / "limp.db");
    write(*store, create(person(1, {{"email", "a@x.y"}})));
    const std::string large(2'000'000, 'x');
    {
        const FullDisk full(fs::file_size(folder / "limp.db-wal") + 100'000);
        EXPECT_THROW(
            write(*store, {create(person(2, {{"email", "b@x.y"}})), create(person(3, {{"text", large}}))}),
            StoreUnavailable
        );
        EXPECT_EQ(ids(read(*store)), ids({1}));
        write(*store, create(person(4)));  // a small one still fits
    }
    write(*store, {create(person(2, {{"email", "b@x.y"}})), create(person(3, {{"text", large}}))});
    EXPECT_EQ(ids(read(*store)), ids({4, 3, 2, 1}));
    EXPECT_EQ(shell(folder / "limp.db", "PRAGMA integrity_check"), "ok\n");
}

}  // namespace limp::store
