// store/descriptor.hpp: an open file or folder, closed with its owner.
//
// Errors   StoreUnavailable, with the path and the reason.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace limp::store {

class Descriptor {
public:
    // `flags` as open(2) has them; what is made is for its owner's eyes alone.
    Descriptor(std::filesystem::path path, int flags);
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }

    // Blocks until it would survive a power failure; of a folder: the names in it.
    void sync() const;

    void write(std::string_view bytes) const;
    std::string read_all() const;

    // Of a file.
    std::size_t size() const;

    // Fills all of `into` from `offset` on; any thread.
    void read(std::size_t offset, std::span<char> into) const;

    // `operation` as flock(2) has it. False when LOCK_NB was asked for and somebody else has it.
    bool lock(int operation) const;

private:
    [[noreturn]] void fail() const;

    std::filesystem::path path_;
    int number_;
};

// A file that is written under another name. Without finish() it is removed again.
class UnfinishedFile {
public:
    explicit UnfinishedFile(std::filesystem::path path) : path_(std::move(path)) {}
    ~UnfinishedFile();
    UnfinishedFile(const UnfinishedFile&) = delete;
    UnfinishedFile& operator=(const UnfinishedFile&) = delete;

    const std::filesystem::path& path() const { return path_; }

    // Gives it its name. Requires: it was synced.
    void finish(const std::filesystem::path& name);

private:
    std::filesystem::path path_;  // empty: finished
};

// The bytes of a file; nothing when there is none.
std::optional<std::string> read_file(const std::filesystem::path& file);

// Blocks until the names in the folder would survive a power failure.
void sync_folder(const std::filesystem::path& folder);

}  // namespace limp::store
