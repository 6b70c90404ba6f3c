#include "store/file_folder.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <stdexcept>

#include "limp/store.hpp"

namespace limp::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* hash_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class FileFolderTest : public testing::Test {
protected:
    FileFolderTest() {
        std::string path = fs::temp_directory_path() / "limp-files-XXXXXX";
        if (!mkdtemp(path.data())) throw std::runtime_error("no folder for the test");
        root_ = path;
    }
    ~FileFolderTest() override {
        std::error_code ignored;
        fs::remove_all(root_, ignored);
    }

    fs::path place() const { return root_ / "limp.db.files"; }
    fs::path file_of(const std::string& hash) const { return place() / hash.substr(0, 2) / hash; }

    std::size_t files() const {
        std::size_t count = 0;
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(place()))
            count += !entry.is_directory();
        return count;
    }

private:
    fs::path root_;
};

void write_file(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

bool nothing_is_named(const std::string&) {
    return false;
}

TEST_F(FileFolderTest, KeepsBytesUnderTheirHash) {
    FileFolder folder(place());
    const FileFolder::Kept kept = folder.keep("abc");
    EXPECT_EQ(kept.hash(), hash_of_abc);
    EXPECT_EQ(kept.size(), 3);
    EXPECT_TRUE(fs::exists(place() / "ba" / hash_of_abc));
    EXPECT_EQ(folder.open(hash_of_abc)->text(), "abc");
    const std::string large(3'000'000, '\0');
    EXPECT_EQ(folder.open(folder.keep(large).hash())->text(), large);
    EXPECT_EQ(folder.open(folder.keep("").hash())->text(), "");
}

TEST_F(FileFolderTest, IsForItsOwnerAlone) {
    FileFolder folder(place());
    folder.keep("abc");
    EXPECT_EQ(fs::status(place()).permissions(), fs::perms::owner_all);
    EXPECT_EQ(fs::status(place() / "ba").permissions(), fs::perms::owner_all);
    EXPECT_EQ(fs::status(file_of(hash_of_abc)).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(FileFolderTest, EqualBytesAreOneFile) {
    FileFolder folder(place());
    folder.keep("abc");
    folder.keep("abc");
    EXPECT_EQ(files(), 1u);
    FileFolder again(place());
    again.keep("abc");
    EXPECT_EQ(files(), 1u);
}

TEST_F(FileFolderTest, AFileThatIsNotThereIsNothing) {
    EXPECT_FALSE(FileFolder(place()).open(hash_of_abc));
}

TEST_F(FileFolderTest, ADamagedFileIsSaidAndMendedByTheRightBytes) {
    FileFolder folder(place());
    folder.keep("abc");
    for (const char* wrong : {"abd", "ab", ""}) {
        write_file(file_of(hash_of_abc), wrong);
        EXPECT_THROW(folder.open(hash_of_abc), StoreUnavailable) << wrong;
    }
    folder.keep("abc");
    EXPECT_EQ(folder.open(hash_of_abc)->text(), "abc");
}

TEST_F(FileFolderTest, WhatIsOpenStaysReadableInParts) {
    FileFolder folder(place());
    std::string large(1'000'000, 'a');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i / 1000);
    const std::string hash = folder.keep(large).hash();
    const std::optional<Bytes> open = folder.open(hash);
    EXPECT_TRUE(folder.remove(hash));
    EXPECT_FALSE(folder.open(hash));
    EXPECT_EQ(open->size(), large.size());
    const Bytes part = open->part(500'000, 1'000).part(100, 200);
    EXPECT_EQ(part.text(), large.substr(500'100, 200));
    EXPECT_EQ(part.begin(10), large.substr(500'100, 10));
    std::string tail(300, '\0');
    EXPECT_EQ(part.read(150, tail), 50u);
    EXPECT_EQ(tail.substr(0, 50), large.substr(500'250, 50));
    EXPECT_EQ(part.read(200, tail), 0u);
}

TEST_F(FileFolderTest, RemovesWhatNobodyKeeps) {
    FileFolder folder(place());
    {
        const FileFolder::Kept first = folder.keep("abc");
        FileFolder::Kept second = folder.keep("abc");
        const FileFolder::Kept moved = std::move(second);
        EXPECT_FALSE(folder.remove(hash_of_abc));
    }
    EXPECT_EQ(folder.open(hash_of_abc)->text(), "abc");
    EXPECT_TRUE(folder.remove(hash_of_abc));
    EXPECT_FALSE(folder.open(hash_of_abc));
    EXPECT_TRUE(folder.remove(hash_of_abc));
}

TEST_F(FileFolderTest, RemovesNothingWhileSomebodyHoldsIt) {
    FileFolder folder(place());
    folder.keep("abc");
    {
        const FileFolder::Hold hold(place());
        EXPECT_FALSE(folder.remove(hash_of_abc));
        EXPECT_EQ(folder.sweep(nothing_is_named), 0u);
        folder.keep("more");
        EXPECT_EQ(files(), 2u);
    }
    EXPECT_TRUE(folder.remove(hash_of_abc));
    const FileFolder::Hold hold(place());
}

TEST_F(FileFolderTest, SweepsWhatWasLeftBehind) {
    {
        FileFolder folder(place());
        folder.keep("abc");
        folder.keep("more");
    }
    write_file(file_of(hash_of_abc).string() + ".new-1", "ab");
    write_file(place() / "notes", "somebody else's");
    write_file(place() / "ba" / "notes", "somebody else's");
    FileFolder folder(place());
    EXPECT_EQ(folder.sweep([](const std::string& hash) { return hash == hash_of_abc; }), 2u);
    EXPECT_EQ(folder.open(hash_of_abc)->text(), "abc");
    EXPECT_EQ(files(), 3u);
}

TEST_F(FileFolderTest, WhenTheDiskIsFullNothingIsLeft) {
    FileFolder folder(place());
    signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit full = {1'000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &full);
    EXPECT_THROW(folder.keep(std::string(2'000, 'x')), StoreUnavailable);
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_EQ(files(), 0u);
}

TEST_F(FileFolderTest, HoldingNeedsTheFolder) {
    EXPECT_THROW(FileFolder::Hold{place()}, StoreUnavailable);
}

}  // namespace
}  // namespace limp::store
