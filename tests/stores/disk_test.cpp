#include "disk.hpp"

#include <fstream>
#include <iterator>

#include "store_test.hpp"

namespace limp::store {

namespace {

using Kind = DiskEvent::Kind;

// A disk on which "log" was made and opened twice, as handles 1 and 2.
class DiskTest : public testing::Test {
protected:
    DiskTest() {
        DiskEvent opened = event(Kind::opened, 1);
        opened.is_new = true;
        disk_.apply(opened);
    }

    void write(std::size_t offset, const std::string& bytes, int handle = 1) {
        DiskEvent wrote = event(Kind::wrote, handle);
        wrote.offset = offset;
        wrote.bytes = bytes;
        disk_.apply(wrote);
    }

    void truncate(std::size_t size) {
        DiskEvent truncated = event(Kind::truncated, 1);
        truncated.offset = size;
        disk_.apply(truncated);
    }

    void sync() { disk_.apply(event(Kind::synced, 1)); }

    void fail_to_sync() { disk_.apply(event(Kind::sync_failed, 1)); }

    void remove(bool is_synced) {
        DiskEvent removed = event(Kind::removed, 1);
        removed.is_synced = is_synced;
        disk_.apply(removed);
    }

    // What "log" holds after a power failure, if it is there.
    std::optional<std::string> left(std::optional<unsigned> seed = std::nullopt) const {
        const Folder folder;
        disk_.lose_power(folder / "", seed);
        std::ifstream in(folder / "log", std::ios::binary);
        if (!in) return std::nullopt;
        return std::string(std::istreambuf_iterator<char>(in), {});
    }

    // Whether some seed leaves that.
    bool may_leave(const std::optional<std::string>& bytes) const {
        for (unsigned seed = 1; seed <= 200; ++seed)
            if (left(seed) == bytes) return true;
        return false;
    }

private:
    static DiskEvent event(Kind kind, int handle) {
        DiskEvent event;
        event.kind = kind;
        event.file = 1;
        event.handle = handle;
        event.name = "log";
        return event;
    }

    Disk disk_;
};

const std::string piece(512, 'p');
const std::string other(512, 'o');

}  // namespace

TEST_F(DiskTest, WhatWasSyncedIsThereWhatWasOnlyWrittenIsNot) {
    EXPECT_EQ(left(), std::nullopt);
    write(0, "one");
    EXPECT_EQ(left(), std::nullopt);
    sync();
    write(3, "two");
    EXPECT_EQ(left(), "one");
    sync();
    EXPECT_EQ(left(), "onetwo");
    truncate(2);
    EXPECT_EQ(left(), "onetwo");
    sync();
    EXPECT_EQ(left(), "on");
}

TEST_F(DiskTest, WhatWasOnlyWrittenMayArriveInAnyOrderAndInPart) {
    write(0, "old");
    sync();
    write(0, piece);
    write(512, other + piece);
    EXPECT_TRUE(may_leave("old"));
    EXPECT_TRUE(may_leave(piece));
    EXPECT_TRUE(may_leave(piece + other));
    EXPECT_TRUE(may_leave(piece + other + piece));
    EXPECT_TRUE(may_leave("old" + std::string(509, '\0') + other));
    truncate(1);
    EXPECT_TRUE(may_leave("o"));
    EXPECT_FALSE(may_leave(""));
}

TEST_F(DiskTest, WhatASyncFailedToCarryNeverArrives) {
    write(0, "one");
    sync();
    write(0, "two");
    write(3, "others", 2);
    fail_to_sync();
    sync();
    EXPECT_EQ(left(), "oneothers");
}

TEST_F(DiskTest, AFileWhoseRemovalWasNotSyncedMayComeBack) {
    write(0, "one");
    sync();
    remove(false);
    EXPECT_EQ(left(), "one");
    EXPECT_TRUE(may_leave(std::nullopt));
    remove(true);
    EXPECT_EQ(left(), std::nullopt);
    EXPECT_FALSE(may_leave("one"));
}

}  // namespace limp::store
