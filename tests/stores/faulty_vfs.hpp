// SQLite's way to the disk, on which a test makes operations fail and notes what was asked of the disk.
//
//     FaultyVfs vfs(folder / "");
//     vfs.fail(FaultyVfs::Operation::write, 3, SQLITE_FULL);   // the third write from here on
//
// Threads  Any.
// Syncs    reach no disk: what one would have carried stands in the trace, for Disk (disk.hpp).
#pragma once

#include <sqlite3.h>

#include <condition_variable>
#include <filesystem>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "disk.hpp"

namespace limp::store {

class FaultyVfs {
public:
    enum class Operation { open, read, write, sync, truncate, remove, shm };
    static constexpr int for_ever = std::numeric_limits<int>::max();

    // Is what SQLite uses as long as it lives. Files outside of that folder never fail and are not noted; SQLite's own
    // temporary ones may fail.
    explicit FaultyVfs(std::filesystem::path folder);
    ~FaultyVfs();
    FaultyVfs(const FaultyVfs&) = delete;
    FaultyVfs& operator=(const FaultyVfs&) = delete;

    // The nth of those operations (1: the next), and so many in all, do nothing and end with that code of SQLite.
    void fail(Operation operation, int nth, int code, int times = 1);

    // Whether there was an nth.
    bool has_failed() const;

    void stop_failing();

    // The next sync waits for release(); wait_until_held() waits for it to wait.
    void hold_sync();
    void wait_until_held();
    void release();

    // Puts the test's number among the events.
    void note(int number);

    // All since the beginning.
    std::vector<DiskEvent> trace() const;

private:
    struct File;
    struct Methods;

    struct Fault {
        Operation operation;
        int before;  // operations that are still carried out
        int times;
        int code;
    };

    enum class Hold { none, wanted, held };

    bool is_noted(const char* path) const;
    void wait_if_held();
    std::optional<int> failure(Operation operation);
    void record(DiskEvent event);
    void record_opened(const std::filesystem::path& path, bool is_new, File& file);
    void record_removed(const std::filesystem::path& path, bool is_synced);

    std::filesystem::path folder_;
    sqlite3_vfs& real_;
    sqlite3_vfs own_;
    mutable std::mutex mutex_;
    std::optional<Fault> fault_;
    bool has_failed_ = false;
    Hold hold_ = Hold::none;
    std::condition_variable hold_changed_;
    std::vector<DiskEvent> trace_;
    std::map<std::string, int> files_;  // by name, those that are there
    int last_file_ = 0;
    int last_handle_ = 0;
};

}  // namespace limp::store
