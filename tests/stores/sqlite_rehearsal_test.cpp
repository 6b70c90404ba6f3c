// What a start would do to a file, found out without touching it.
#include <fstream>
#include <iterator>
#include <map>

#include "store/stores.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

Collection with_age(bool has_default = true) {
    Collection made = people();
    made.shape = "age";
    made.revise = [=](const Document& document) {
        Revision revision{document, {}, {}};
        if (document.contains("age")) return revision;
        if (!has_default) revision.misfit = "needs age";
        revision.document["age"] = 0;
        revision.notes = {"age is 0"};
        return revision;
    };
    return made;
}

// Every file of the folder, but for SQLite's shared memory, where readers of every kind leave their marks.
std::map<std::string, std::string> contents(const fs::path& folder) {
    std::map<std::string, std::string> contents;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        const bool is_shared_memory = entry.path().extension() == ".db-shm";
        contents[entry.path().filename()] =
            is_shared_memory ? std::string() : std::string(std::istreambuf_iterator<char>(in), {});
    }
    return contents;
}

void make_people(const fs::path& file) {
    const std::unique_ptr<Store> store = open_sqlite(file);
    store->prepare({people()});
    write(*store, {create(person(1)), create(person(2)), create(person(3, {{"age", 7}}))});
}

std::string refusal(const fs::path& file) {
    try {
        rehearse_sqlite(file, {people()});
    } catch (const StoreUnavailable& error) {
        return error.what();
    }
    ADD_FAILURE() << "it was looked into";
    return {};
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST(SqliteRehearsal, SaysWhatAStartThenDoes) {
    const Folder folder;
    make_people(folder / "limp.db");
    const auto before = contents(folder / ".");
    const Prepared rehearsed = rehearse_sqlite(folder / "limp.db", {with_age(), collection("pet")});
    EXPECT_EQ(rehearsed.done, Names{"person: age is 0 (2 documents)"});
    EXPECT_EQ(contents(folder / "."), before);

    const std::unique_ptr<Store> store = open_sqlite(folder / "limp.db");
    EXPECT_EQ(store->prepare({with_age(), collection("pet")}).done, rehearsed.done);
}

TEST(SqliteRehearsal, NamesTheDocumentsThatDoNotFit) {
    const Folder folder;
    make_people(folder / "limp.db");
    const auto before = contents(folder / ".");
    Collection stricter = with_age();
    stricter.unique = {{"age"}};
    try {
        rehearse_sqlite(folder / "limp.db", {stricter});
        FAIL() << "two would be 0 years old";
    } catch (const Unfit& unfit) {
        ASSERT_EQ(unfit.total, 1u);
        EXPECT_EQ(unfit.first[0].id, id(2));
        EXPECT_EQ(unfit.first[0].reason, "has the same age as " + id(1) + ", which must be unique");
    }
    EXPECT_THROW(rehearse_sqlite(folder / "limp.db", {with_age(false)}), Unfit);
    EXPECT_EQ(contents(folder / "."), before);
}

TEST(SqliteRehearsal, SaysNothingWhenThereIsNothingToDo) {
    const Folder folder;
    make_people(folder / "limp.db");
    EXPECT_EQ(rehearse_sqlite(folder / "limp.db", {people()}).done, Names{});
    EXPECT_EQ(
        rehearse_sqlite(folder / "limp.db", {collection("pet")}).warnings,
        Names{"no module declares the collection person, which has 3 documents"}
    );
}

TEST(SqliteRehearsal, OfAFileThatIsNotThereMakesNone) {
    const Folder folder;
    EXPECT_EQ(rehearse_sqlite(folder / "limp.db", {with_age(false)}).done, Names{});
    EXPECT_EQ(rehearse_sqlite(folder / "no/folder/limp.db", {with_age(false)}).done, Names{});
    std::ofstream(folder / "empty.db").close();
    EXPECT_EQ(rehearse_sqlite(folder / "empty.db", {with_age(false)}).done, Names{});
    EXPECT_EQ(contents(folder / "."), (std::map<std::string, std::string>{{"empty.db", ""}}));
}

TEST(SqliteRehearsal, BesideALimpdSeesWhatItHasWritten) {
    const Folder folder;
    make_people(folder / "limp.db");
    const std::unique_ptr<Store> store = open_sqlite(folder / "limp.db");
    store->prepare({people()});
    write(*store, create(person(4)));
    const auto before = contents(folder / ".");
    EXPECT_EQ(rehearse_sqlite(folder / "limp.db", {with_age()}).done, Names{"person: age is 0 (3 documents)"});
    EXPECT_EQ(contents(folder / "."), before);
    write(*store, create(person(5)));
    EXPECT_EQ(ids(read(*store)), ids({5, 4, 3, 2, 1}));
}

// What a killed limpd leaves: the newest documents are in the write-ahead log alone.
TEST(SqliteRehearsal, AfterAKillSeesWhatWasWritten) {
    const Folder folder;
    make_people(folder / "limp.db");
    const std::unique_ptr<Store> store = open_sqlite(folder / "limp.db");
    store->prepare({people()});
    write(*store, create(person(4)));
    fs::create_directory(folder / "left");
    for (const char* name : {"limp.db", "limp.db-wal", "limp.db-shm"}) fs::copy(folder / name, folder / "left" / name);

    const auto before = contents(folder / "left");
    EXPECT_EQ(rehearse_sqlite(folder / "left" / "limp.db", {with_age()}).done, Names{"person: age is 0 (3 documents)"});
    EXPECT_EQ(contents(folder / "left"), before);
}

TEST(SqliteRehearsal, TakesAnyName) {
    const Folder folder;
    const fs::path file = folder / "my data?mode=ro&x#1%41.db";
    make_people(file);
    const auto before = contents(folder / ".");
    EXPECT_EQ(rehearse_sqlite(file, {with_age()}).done, Names{"person: age is 0 (2 documents)"});
    EXPECT_EQ(contents(folder / "."), before);
}

TEST(SqliteRehearsal, RefusesWhatAStartRefuses) {
    const Folder folder;
    std::ofstream(folder / "short.db") << "x";
    EXPECT_TRUE(has(refusal(folder / "short.db"), "short.db: it is not a database"));
    std::ofstream(folder / "long.db") << std::string(5'000, 'x');
    EXPECT_TRUE(has(refusal(folder / "long.db"), "long.db: it is not a database"));
    EXPECT_TRUE(has(refusal(folder / "."), "cannot look into"));
}

}  // namespace limp::store
