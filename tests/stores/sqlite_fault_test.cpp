// The disk fails at each operation in turn, once or from then on: what was refused left no trace, what was acknowledged
// is there, and once the disk works again the store does.
#include <sqlite3.h>

#include <mutex>
#include <set>
#include <utility>

#include "base/loop.hpp"
#include "faulty_vfs.hpp"
#include "history.hpp"
#include "sqlite_test.hpp"
#include "store_test.hpp"
#include "writers.hpp"

namespace limp::store {

namespace {

using Operation = FaultyVfs::Operation;
using Batches = std::vector<std::vector<Change>>;

struct Fault {
    std::string name;
    Operation operation;
    int code;
    int times;
    bool reads_go_on;  // what fails is nothing that a read needs
    int step = 1;      // each, or every third one, as another fault of the same operation is tried at each

    friend void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }
};

Batches first_batches() {
    return {
        {create(person(1, {{"email", "a@x.y"}, {"age", 1}}))},
        {create(person(2, {{"email", "b@x.y"}})), create(person(3, {{"owner", 1}, {"name", "c"}})),
         credential(id(2), "hash")},
        {update(by_id(1), {{"email", "c@x.y"}, {"age", nullptr}})},
        {create(person(4, {{"email", "a@x.y"}, {"text", std::string(9'000, 'f')}}))},
        {soft_delete(by_id(2)), create(person(5, {{"email", "B@X.Y"}})), update({}, {{"age", 2}})},
        {create(person(6, {{"email", "a@x.y"}}))},  // taken, unless its holder was refused
    };
}

Batches second_batches() {
    return {
        {hard_delete(by_id(4)), create(person(7, {{"email", "a@x.y"}}))},
        {credential(id(2), ""), credential(id(7), "hash"), update(by_id(3), {{"name", "d"}})},
    };
}

// What listeners heard.
class Heard {
public:
    std::function<void(const LoggedBatch&)> listener() {
        return [this](const LoggedBatch& batch) {
            const std::lock_guard lock(mutex_);
            batches_.push_back(batch);
        };
    }

    std::vector<LoggedBatch> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(batches_, {});
    }

private:
    std::mutex mutex_;
    std::vector<LoggedBatch> batches_;
};

// One life of a file on a disk that fails at the nth operation of a kind.
class Life {
public:
    Life(const Fault& fault, int nth) : fault_(fault), vfs_(folder_ / "") {
        vfs_.fail(fault.operation, nth, fault.code, fault.times);
    }

    // Whether there was an nth operation.
    bool was_hit() const { return was_hit_; }

    void run() {
        if (std::unique_ptr<Store> store = open()) {
            write(*store, first_batches());
            checkpoint(file());
        }
        std::unique_ptr<Store> store = open();
        if (store) write(*store, second_batches());
        was_hit_ = vfs_.has_failed();
        vfs_.stop_failing();
        if (!store) store = open();
        ASSERT_TRUE(store) << "it does not open, though the disk works again";
        expect_that_it_works(*store);
        store = nullptr;
        store = open();
        EXPECT_EQ(contents(*store), history_.certain());
        close_and_check(std::move(store), file());
    }

private:
    std::filesystem::path file() const { return folder_ / "limp.db"; }

    // Nothing when it is refused.
    std::unique_ptr<Store> open() {
        heard_.take();
        std::unique_ptr<Store> store;
        try {
            store = open_people(file(), heard_.listener());
            expect_what_is_possible(*store);
        } catch (const StoreUnavailable&) {
            if (store && fault_.reads_go_on) throw;
            return nullptr;
        }
        return store;
    }

    void expect_what_is_possible(Store& store) {
        const Contents found = contents(store);
        EXPECT_TRUE(history_.settle(found)) << "there is" << testing::PrintToString(found) << "\ninstead of"
                                            << testing::PrintToString(history_.certain());
    }

    void write(Store& store, const Batches& batches) {
        for (const std::vector<Change>& batch : batches)
            if (!history_.write(store, batch) && fault_.reads_go_on) EXPECT_EQ(contents(store), history_.certain());
    }

    void expect_that_it_works(Store& store) {
        EXPECT_EQ(contents(store), history_.certain());
        EXPECT_TRUE(history_.write(store, {create(person(8, {{"email", "h@x.y"}})), update({}, {{"age", 3}})}));
        EXPECT_EQ(contents(store), history_.certain());
        const std::vector<LoggedBatch> heard = heard_.take();
        ASSERT_FALSE(heard.empty());
        EXPECT_EQ(heard, log_after(store, heard.front().number - 1));
    }

    const Fault& fault_;
    const Folder folder_;
    FaultyVfs vfs_;
    History history_;
    Heard heard_;
    bool was_hit_ = false;
};

class SqliteFault : public testing::TestWithParam<Fault> {};

// Runs the first task, whose sync is held until the others wait behind it: they are one group.
void run_as_group(FaultyVfs& vfs, int count, const std::function<Task<>(int)>& make) {
    vfs.hold_sync();
    run_at_once(count + 1, [&](int number) -> Task<> {
        if (number == 1) vfs.wait_until_held();
        if (number == count) base::Loop::current().post([&] { vfs.release(); });
        return make(number);
    });
}

Task<> try_to_create(Store& store, Document document, std::string& answer) {
    Batch batch;
    batch.changes.push_back(create(std::move(document)));
    try {
        co_await store.write(std::move(batch));
        answer = "stored";
    } catch (const StoreUnavailable&) {
        answer = "unavailable";
    } catch (const Conflict&) {
        answer = "conflict";
    }
}

}  // namespace

TEST_P(SqliteFault, AtEachOperationInTurnCostsNothingThatWasAcknowledged) {
    int nth = 1;
    for (bool was_hit = true; was_hit && !HasFailure(); nth += thinning * GetParam().step) {
        SCOPED_TRACE("at operation " + std::to_string(nth));
        Life life(GetParam(), nth);
        life.run();
        was_hit = life.was_hit();
    }
    EXPECT_GT(nth, 1 + thinning * GetParam().step) << "the scenario has no such operation";
}

// A batch that changes more pages than SQLite keeps the old state of in memory, and then is taken back: from a
// temporary file.
TEST_P(SqliteFault, WhileALargeBatchIsTakenBack) {
    const Folder folder;
    FaultyVfs vfs(folder / "");
    std::unique_ptr<Store> store = open_people(folder / "limp.db");
    History history;
    std::vector<Change> creates;
    for (int number = 0; number < 12; ++number)
        creates.push_back(create(person(number, {{"text", std::string(9'000, 'x')}})));
    ASSERT_TRUE(history.write(*store, creates));
    bool was_hit = true;
    for (int nth = 1; was_hit && !HasFailure(); nth += 1 + nth / 8) {
        SCOPED_TRACE("at operation " + std::to_string(nth));
        const std::string text = std::string(9'000, 'y') + std::to_string(nth);
        vfs.fail(GetParam().operation, nth, GetParam().code, GetParam().times);
        history.write(*store, {update({}, {{"text", text}}), create(person(0))});
        history.write(*store, {update(by_id(1), {{"text", text}})});
        was_hit = vfs.has_failed();
        vfs.stop_failing();
        EXPECT_EQ(contents(*store), history.certain());
    }
    EXPECT_TRUE(history.write(*store, {update({}, {{"age", 1}})}));
    EXPECT_EQ(contents(*store), history.certain());
    close_and_check(std::move(store), folder / "limp.db");
}

TEST_P(SqliteFault, UnderSeveralWriters) {
    const Folder folder;
    const std::filesystem::path file = folder / "limp.db";
    FaultyVfs vfs(folder / "");
    std::unique_ptr<Store> store = open_people(file);
    prepare_for_writers(*store);
    std::vector<int> acknowledged;
    std::set<int> refused;
    constexpr int numbers_a_fault = 10'000;
    int first = 1;
    for (int nth = 1; nth < 40; nth += thinning + nth / 2, first += numbers_a_fault) {
        SCOPED_TRACE("at operation " + std::to_string(nth));
        std::mutex mutex;
        int left = 40;
        vfs.fail(GetParam().operation, nth, GetParam().code, GetParam().times);
        run_writers(*store, first, [&](int number, Answer answer) {
            const std::lock_guard lock(mutex);
            if (answer == Answer::stored)
                acknowledged.push_back(number);
            else
                refused.insert(number);
            return --left > 0;
        });
        vfs.stop_failing();
    }
    for (const int number : close_and_check_batches(std::move(store), file, acknowledged))
        EXPECT_FALSE(refused.contains(number)) << number << " was refused";
}

INSTANTIATE_TEST_SUITE_P(
    Disk, SqliteFault,
    testing::Values(
        Fault{"WriteOnce", Operation::write, SQLITE_IOERR_WRITE, 1, true},
        Fault{"WriteForEver", Operation::write, SQLITE_IOERR_WRITE, FaultyVfs::for_ever, true},
        Fault{"FullOnce", Operation::write, SQLITE_FULL, 1, true, 3},
        Fault{"FullForEver", Operation::write, SQLITE_FULL, FaultyVfs::for_ever, true, 3},
        Fault{"SyncOnce", Operation::sync, SQLITE_IOERR_FSYNC, 1, true},
        Fault{"SyncForEver", Operation::sync, SQLITE_IOERR_FSYNC, FaultyVfs::for_ever, true},
        Fault{"TruncateOnce", Operation::truncate, SQLITE_IOERR_TRUNCATE, 1, true},
        Fault{"TruncateForEver", Operation::truncate, SQLITE_IOERR_TRUNCATE, FaultyVfs::for_ever, true},
        Fault{"RemoveOnce", Operation::remove, SQLITE_IOERR_DELETE, 1, true},
        Fault{"RemoveForEver", Operation::remove, SQLITE_IOERR_DELETE, FaultyVfs::for_ever, true},
        Fault{"OpenOnce", Operation::open, SQLITE_CANTOPEN, 1, false},
        Fault{"OpenForEver", Operation::open, SQLITE_CANTOPEN, FaultyVfs::for_ever, false},
        Fault{"ReadOnce", Operation::read, SQLITE_IOERR_READ, 1, false},
        Fault{"ReadForEver", Operation::read, SQLITE_IOERR_READ, FaultyVfs::for_ever, false},
        Fault{"SharedMemoryOnce", Operation::shm, SQLITE_IOERR_SHMLOCK, 1, false},
        Fault{"SharedMemoryForEver", Operation::shm, SQLITE_IOERR_SHMMAP, FaultyVfs::for_ever, false, 3}
    ),
    [](const auto& fault) { return fault.param.name; }
);

// More than the thousand pages after which the store folds its write-ahead log back, beside the writer.
TEST(SqliteFaultOfFolding, CostsNothing) {
    const Fault faults[] = {
        {"SyncOnce", Operation::sync, SQLITE_IOERR_FSYNC, 1, true},
        {"SyncForEver", Operation::sync, SQLITE_IOERR_FSYNC, FaultyVfs::for_ever, true},
        {"FullOnce", Operation::write, SQLITE_FULL, 1, true},
        {"FullForEver", Operation::write, SQLITE_FULL, FaultyVfs::for_ever, true},
    };
    for (const Fault& fault : faults)
        for (const int nth : {1, 2, 3, 300, 1'000}) {
            SCOPED_TRACE(fault.name + " at operation " + std::to_string(nth));
            const Folder folder;
            FaultyVfs vfs(folder / "");
            std::unique_ptr<Store> store = open_people(folder / "limp.db");
            History history;
            const auto write_much = [&](int number) {
                const std::string bytes(900'000, static_cast<char>('a' + number));
                return history.write(*store, {create(person(number, {{"text", bytes}}))});
            };
            for (int number = 0; number < 4; ++number) ASSERT_TRUE(write_much(number));
            vfs.fail(fault.operation, nth, fault.code, fault.times);
            for (int number = 4; number < 6; ++number) write_much(number);
            vfs.stop_failing();
            EXPECT_EQ(contents(*store), history.certain());
            EXPECT_TRUE(write_much(6));
            close_and_check(std::move(store), folder / "limp.db");
            EXPECT_EQ(contents(*open_people(folder / "limp.db")), history.certain());
        }
}

TEST(SqliteFaultOfAGroup, IsNoConflictWithWhatWasNotStored) {
    const Folder folder;
    FaultyVfs vfs(folder / "");
    std::unique_ptr<Store> store = open_people(folder / "limp.db");
    std::string answers[3];
    // The group cannot be stored, nor can its first batch alone; the second then can.
    vfs.fail(Operation::sync, 2, SQLITE_IOERR_FSYNC, 2);
    run_as_group(vfs, 2, [&](int number) {
        const Document attrs = number == 0 ? Document() : Document{{"email", "a@x.y"}};
        return try_to_create(*store, person(number, attrs), answers[number]);
    });
    EXPECT_EQ(answers[1], "unavailable");
    EXPECT_EQ(answers[2], "stored");
    EXPECT_EQ(ids(read(*store, Filter::equal("email", "a@x.y"))), ids({2}));
    close_and_check(std::move(store), folder / "limp.db");
}

}  // namespace limp::store
