// kill -9 of a process that writes: what it was told is stored must be there, and no batch half.
//
// LIMP_TORTURE_ROUNDS asks for more rounds than usual.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <random>
#include <thread>

#include "sqlite_test.hpp"
#include "store_test.hpp"
#include "writers.hpp"

namespace limp::store {

namespace {

constexpr int usual_rounds = 30 / thinning;
constexpr int rounds_a_file = 30;

// The batches of a round are numbered from here on.
constexpr int numbers_a_round = 100'000;

// Writes until it is killed, and says the number of each batch that is stored.
[[noreturn]] void write_until_killed(const std::filesystem::path& file, int first, int says) {
    try {
        const std::unique_ptr<Store> store = open_people(file);
        run_writers(*store, first, [&](int number, Answer answer) {
            if (answer != Answer::stored) _exit(3);
            return ::write(says, &number, sizeof number) == sizeof number;
        });
    } catch (...) {
        _exit(2);
    }
    _exit(1);
}

// When a process is killed: so long after it has said so many numbers.
struct Moment {
    std::size_t said;
    std::chrono::microseconds after;
};

// What a process said, which is killed at that moment.
std::vector<int> write_and_kill(const std::filesystem::path& file, int first, Moment moment) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);  // so that it ends when this process does
        write_until_killed(file, first, ends[1]);
    }
    close(ends[1]);
    std::vector<int> said;
    for (int number = 0; ::read(ends[0], &number, sizeof number) == sizeof number;) {
        said.push_back(number);
        if (said.size() != moment.said) continue;
        std::this_thread::sleep_for(moment.after);
        kill(child, SIGKILL);
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself, with " << WEXITSTATUS(status);
    return said;
}

}  // namespace

TEST(SqliteKill, EveryAcknowledgedBatchIsThereAndNoneIsHalf) {
    std::mt19937 random(1);
    std::optional<Folder> folder;
    std::filesystem::path file;
    std::vector<int> said;
    const int rounds = torture_rounds(usual_rounds);
    for (int round = 0; round < rounds && !HasFailure(); ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        if (round % rounds_a_file == 0) {
            folder.emplace();
            file = *folder / "limp.db";
            said.clear();
            prepare_for_writers(*open_people(file));
        }
        const Moment moment = {1 + random() % 80, std::chrono::microseconds(random() % 3'000)};
        const int first = (round % rounds_a_file + 1) * numbers_a_round;
        const std::vector<int> more = write_and_kill(file, first, moment);
        ASSERT_GE(more.size(), moment.said);
        said.insert(said.end(), more.begin(), more.end());
        close_and_check_batches(open_people(file), file, said);
    }
}

}  // namespace limp::store
