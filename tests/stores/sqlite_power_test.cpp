// The power fails: what was acknowledged is there after the restart, and no batch is half there.
//
// A run is noted (faulty_vfs.hpp) and played again up to each moment that matters; what the disk holds then for
// certain, and by a seed some of what had not been synced, is opened as after a restart (disk.hpp). LIMP_TORTURE_ROUNDS
// asks for more runs than usual, each with another seed.
#include <sqlite3.h>

#include <atomic>
#include <optional>
#include <set>

#include "disk.hpp"
#include "faulty_vfs.hpp"
#include "history.hpp"
#include "sqlite_test.hpp"
#include "store_test.hpp"
#include "writers.hpp"

namespace limp::store {

namespace {

using Kind = DiskEvent::Kind;
using Seed = std::optional<unsigned>;
using Trace = std::vector<DiskEvent>;

// What is there after the restart. Syncs in it are not carried out: it is for a moment only.
class Restarted {
public:
    Restarted(const Disk& disk, Seed seed) : vfs_((disk.lose_power(folder_ / "", seed), folder_ / "")) {}

    std::filesystem::path file() const { return folder_ / "limp.db"; }

private:
    const Folder folder_;
    const FaultyVfs vfs_;
};

// Whether to look at what is there when the power fails before that event of a trace: one in so many writes, and most
// other events.
bool is_moment(const DiskEvent& event, std::size_t place, std::size_t writes = 5) {
    return place % (event.kind == Kind::wrote ? writes * thinning : std::size_t{thinning}) == 0;
}

// Whether a batch has just been answered before that event.
bool is_after_answer(const DiskEvent& event) {
    return event.kind == Kind::noted;
}

// A run of one writer: what it asked of a store, and what that asked of the disk. Noted are the number of each batch
// when it is asked, and `answered` when the one asked last has its answer.
struct OneWriter {
    std::vector<std::vector<Change>> batches;
    Trace trace;
    bool has_failed = false;
};
constexpr int answered = -1;

bool is_answered(Store& store, const std::vector<Change>& batch) {
    try {
        write(store, batch);
        return true;
    } catch (const Conflict&) {
        return true;
    } catch (const StoreUnavailable&) {
        return false;
    }
}

// The nth sync after the file was opened fails, if there is one; none when it is 0.
OneWriter run_one_writer(unsigned seed, int failing_sync = 0) {
    const Folder folder;
    const std::filesystem::path file = folder / "limp.db";
    FaultyVfs vfs(folder / "");
    std::unique_ptr<Store> store = open_people(file);
    if (failing_sync > 0) vfs.fail(FaultyVfs::Operation::sync, failing_sync, SQLITE_IOERR_FSYNC);

    std::mt19937 random(seed);
    OneWriter run;
    for (int number = 0; number < 30; ++number) {
        run.batches.push_back(random_batch(random));
        vfs.note(number);
        if (is_answered(*store, run.batches.back())) vfs.note(answered);
        if (number == 10) checkpoint(file);
        if (number == 20) {
            store = nullptr;
            store = open_people(file);
        }
    }
    store = nullptr;
    run.trace = vfs.trace();
    run.has_failed = vfs.has_failed();
    return run;
}

// Plays a run of one writer again.
class Replay {
public:
    explicit Replay(const OneWriter& run) : run_(run) {}

    void apply(const DiskEvent& event) {
        disk_.apply(event);
        if (event.kind != Kind::noted) return;
        if (event.note == answered)
            history_.acknowledge();
        else
            history_.ask(run_.batches.at(static_cast<std::size_t>(event.note)));
    }

    // When the power fails now.
    void expect_nothing_lost(Seed seed) const {
        SCOPED_TRACE(seed ? "seed " + std::to_string(*seed) : "nothing that was not synced");
        const Restarted restarted(disk_, seed);
        std::unique_ptr<Store> store = open_people(restarted.file());
        const Contents found = contents(*store);
        EXPECT_TRUE(history_.allows(found)) << "there is" << testing::PrintToString(found) << "\ninstead of"
                                            << testing::PrintToString(history_.certain());
        close_and_check(std::move(store), restarted.file());
    }

private:
    const OneWriter& run_;
    Disk disk_;
    History history_;
};

// Whether somebody else than who closed the file at the end has copied pages into it.
bool is_folded_back(const Trace& trace) {
    std::optional<int> database;
    std::set<int> handles;
    for (const DiskEvent& event : trace) {
        if (event.kind == Kind::opened && event.name == "limp.db") database = event.file;
        if (event.kind == Kind::wrote && event.file == database && event.offset > 0) handles.insert(event.handle);
    }
    return handles.size() > 1;
}

// A run of several writers, in which the numbers of their batches are noted when they are acknowledged, and before them
// a 0 when all is ready for them.
Trace run_several_writers(int batches) {
    const Folder folder;
    FaultyVfs vfs(folder / "");
    {
        const std::unique_ptr<Store> store = open_people(folder / "limp.db");
        prepare_for_writers(*store);
        vfs.note(0);
        std::atomic<int> left = batches;
        run_writers(*store, 1, [&](int number, Answer) {
            vfs.note(number);
            return --left > 0;
        });
    }
    return vfs.trace();
}

void expect_batches(const Disk& disk, Seed seed, const std::vector<int>& acknowledged) {
    SCOPED_TRACE(seed ? "seed " + std::to_string(*seed) : "nothing that was not synced");
    const Restarted restarted(disk, seed);
    close_and_check_batches(open_people(restarted.file()), restarted.file(), acknowledged);
}

// How many of ten rows are left, each committed before the power failed, in a file kept with those pragmas by plain
// SQLite; nothing when the file is not sound.
std::optional<int> rows_left(const std::string& pragmas, Seed seed) {
    const Folder folder;
    FaultyVfs vfs(folder / "");
    Shell writer(folder / "limp.db");
    writer.run("PRAGMA synchronous = EXTRA; CREATE TABLE t (text TEXT)");
    writer.run(pragmas);
    for (int row = 0; row < 10; ++row) writer.run("INSERT INTO t VALUES (hex(randomblob(3000)))");
    Disk disk;
    for (const DiskEvent& event : vfs.trace()) disk.apply(event);
    const Restarted restarted(disk, seed);
    Shell reader(restarted.file());
    try {
        if (reader.run("PRAGMA integrity_check") != "ok\n") return std::nullopt;
        return std::stoi(reader.run("SELECT count(*) FROM t"));
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

// Over some seeds.
bool may_leave(std::optional<int> rows, const std::string& pragmas) {
    for (unsigned seed = 1; seed <= 50; ++seed)
        if (rows_left(pragmas, seed) == rows) return true;
    return false;
}

}  // namespace

TEST(SqlitePower, ThatFailsLosesWhatPlainSqliteDoesNotSync) {
    EXPECT_EQ(rows_left("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", std::nullopt), 10);
    EXPECT_EQ(rows_left("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", std::nullopt), 0);
    EXPECT_EQ(rows_left("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF", std::nullopt), 0);
    EXPECT_EQ(rows_left("PRAGMA synchronous = EXTRA", std::nullopt), 10);
    EXPECT_EQ(rows_left("PRAGMA synchronous = FULL", std::nullopt), 9);  // the last journal comes back
    EXPECT_EQ(rows_left("PRAGMA synchronous = OFF", std::nullopt), 0);
}

TEST(SqlitePower, ThatFailsTearsWhatPlainSqliteDoesNotSync) {
    EXPECT_TRUE(may_leave(std::nullopt, "PRAGMA synchronous = OFF"));
    EXPECT_FALSE(may_leave(std::nullopt, "PRAGMA synchronous = FULL"));
    EXPECT_FALSE(may_leave(std::nullopt, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"));
}

TEST(SqlitePower, MayFailAtAnyMoment) {
    for (int round = 1; round <= torture_rounds(1); ++round) {
        const OneWriter run = run_one_writer(static_cast<unsigned>(round));
        Replay replay(run);
        for (std::size_t place = 0; place < run.trace.size() && !HasFailure(); ++place) {
            SCOPED_TRACE("round " + std::to_string(round) + ", before event " + std::to_string(place));
            if (is_moment(run.trace[place], place)) {
                replay.expect_nothing_lost(std::nullopt);
                replay.expect_nothing_lost(static_cast<unsigned>(place));
            }
            replay.apply(run.trace[place]);
        }
        replay.expect_nothing_lost(std::nullopt);
    }
}

TEST(SqlitePower, MayFailAfterASyncHasFailed) {
    int failing = 1;
    for (bool has_failed = true; has_failed && !HasFailure(); failing += 3 * thinning) {
        const OneWriter run = run_one_writer(1, failing);
        has_failed = run.has_failed;
        Replay replay(run);
        int left = 0;  // moments to look at
        for (std::size_t place = 0; place < run.trace.size(); ++place) {
            SCOPED_TRACE("sync " + std::to_string(failing) + ", before event " + std::to_string(place));
            if (run.trace[place].kind == Kind::sync_failed) left = 4;
            if (left > 0 && is_after_answer(run.trace[place])) {
                --left;
                replay.expect_nothing_lost(std::nullopt);
                replay.expect_nothing_lost(static_cast<unsigned>(place));
            }
            replay.apply(run.trace[place]);
        }
        replay.expect_nothing_lost(std::nullopt);
    }
    EXPECT_GT(failing, 20);
}

TEST(SqlitePower, MayFailUnderSeveralWriters) {
    for (int round = 1; round <= torture_rounds(1); ++round) {
        Disk disk;
        std::vector<int> acknowledged;
        bool is_ready = false;
        const Trace trace = run_several_writers(60);
        for (std::size_t place = 0; place < trace.size() && !HasFailure(); ++place) {
            SCOPED_TRACE("round " + std::to_string(round) + ", before event " + std::to_string(place));
            if (is_ready && is_moment(trace[place], place)) {
                expect_batches(disk, std::nullopt, acknowledged);
                expect_batches(disk, static_cast<unsigned>(place), acknowledged);
            }
            disk.apply(trace[place]);
            if (trace[place].kind != Kind::noted) continue;
            if (trace[place].note > 0) acknowledged.push_back(trace[place].note);
            is_ready = true;
        }
        expect_batches(disk, std::nullopt, acknowledged);
    }
}

// More than the thousand pages after which the store folds its log back, beside the writer.
TEST(SqlitePower, MayFailWhileTheLogIsFoldedBack) {
    const Folder folder;
    OneWriter run;
    {
        FaultyVfs vfs(folder / "");
        std::unique_ptr<Store> store = open_people(folder / "limp.db");
        for (int number = 0; number < 10; ++number) {
            run.batches.push_back(
                {create(person(number, {{"text", std::string(500'000, static_cast<char>('a' + number))}}))}
            );
            vfs.note(number);
            write(*store, run.batches.back());
            vfs.note(answered);
        }
        store = nullptr;
        run.trace = vfs.trace();
    }
    EXPECT_TRUE(is_folded_back(run.trace));
    Replay replay(run);
    for (std::size_t place = 0; place < run.trace.size() && !HasFailure(); ++place) {
        SCOPED_TRACE("before event " + std::to_string(place));
        if (is_moment(run.trace[place], place, 300)) replay.expect_nothing_lost(static_cast<unsigned>(place));
        replay.apply(run.trace[place]);
    }
}

}  // namespace limp::store
