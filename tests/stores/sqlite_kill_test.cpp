// kill -9 of a process that writes: what it was told is stored must be there, and no batch half.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/stores.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

// The batches of a round are numbered from here on.
constexpr int numbers_a_round = 100'000;

// Each batch: a document, its credential, and a count in the document 0.
std::vector<Change> batch(int number) {
    return {
        create(person(number, {{"email", std::to_string(number)}})),
        credential(id(number), "hash"),
        update(by_id(0), {{"last", number}}),
    };
}

// Writes batches until it is killed, and says so of each that is stored.
[[noreturn]] void write_until_killed(const std::filesystem::path& file, int first, int says) {
    try {
        const std::unique_ptr<Store> store = open_sqlite(file);
        store->prepare({people()});
        for (int number = first;; ++number) {
            write(*store, batch(number));
            if (::write(says, &number, sizeof number) != sizeof number) break;
        }
    } catch (...) {
        _exit(2);
    }
    _exit(1);
}

// The numbers that a process said were stored, which is killed once it has said so many.
std::vector<int> write_and_kill(const std::filesystem::path& file, int first, std::size_t count) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    const pid_t child = fork();
    if (child == 0) write_until_killed(file, first, ends[1]);
    close(ends[1]);
    std::vector<int> said;
    for (int number = 0; ::read(ends[0], &number, sizeof number) == sizeof number;) {
        said.push_back(number);
        if (said.size() == count) kill(child, SIGKILL);
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself, with " << WEXITSTATUS(status);
    return said;
}

// Everything said is there; what is there is complete.
void check(Store& store, const std::vector<int>& said) {
    for (const int number : said) ASSERT_TRUE(find(store, number)) << number;
    int newest = 0;
    for (const Document& document : read(store).docs) {
        const int number = std::stoi(document.find("_id")->string());
        if (number == 0) continue;
        newest = std::max(newest, number);
        EXPECT_EQ(*document.find("email"), Value(std::to_string(number)));
        EXPECT_EQ(credential_of(store, id(number)), "hash") << number;
        EXPECT_EQ(duplicate(store, {create(person(99, {{"email", std::to_string(number)}}))}).size(), 1u);
    }
    EXPECT_GE(newest, said.back());
    EXPECT_EQ(*find(store, 0)->find("last"), Value(newest));
}

}  // namespace

TEST(SqliteKill, EveryAcknowledgedBatchIsThereAndNoneIsHalf) {
    const Folder folder;
    const std::filesystem::path file = folder / "limp.db";
    {
        const std::unique_ptr<Store> store = open_sqlite(file);
        store->prepare({people()});
        write(*store, create(person(0)));
    }
    std::vector<int> said;
    for (int round = 1; round <= 3; ++round) {
        const std::vector<int> more =
            write_and_kill(file, round * numbers_a_round, 40 * static_cast<std::size_t>(round));
        ASSERT_FALSE(more.empty());
        said.insert(said.end(), more.begin(), more.end());
        const std::unique_ptr<Store> store = open_sqlite(file);
        store->prepare({people()});
        check(*store, said);
    }
}

}  // namespace limp::store
