// store/file_folder.hpp: the bytes of files, in a folder beside the database (docs/storage.md).
//
//     const FileFolder::Kept kept = folder.keep(bytes);  // on the disk, and safe from remove() as long as `kept` lives
//     …                                                  // a row that names kept.hash() is committed
//
// Layout   <folder>/ab/abcd…: the SHA-256 of the bytes, as hex, below its first two digits. Equal bytes are one file.
// Backups  A program that copies the files holds the folder meanwhile (FileFolder::Hold): nothing is removed then.
// Errors   StoreUnavailable when the disk is in the way.
// Threads  Any. One process keeps and removes; others may read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "limp/bytes.hpp"
#include "store/descriptor.hpp"

namespace limp::store {

class FileFolder {
public:
    // Makes the folder when it is not there, for its owner's eyes alone.
    explicit FileFolder(std::filesystem::path folder);

    // Bytes that are on the disk. While it lives they stay there, be there a row that names them or not yet.
    class Kept {
    public:
        Kept(FileFolder& folder, std::string hash, std::size_t size);
        ~Kept();
        Kept(Kept&& other) noexcept;
        Kept& operator=(Kept&&) = delete;

        const std::string& hash() const { return hash_; }
        std::int64_t size() const { return size_; }

    private:
        FileFolder* folder_;  // nullptr: moved from
        std::string hash_;
        std::int64_t size_;
    };

    // Blocks until the bytes would survive a power failure.
    Kept keep(std::string_view bytes);

    // Nothing when there is no such file. Throws when its bytes are not those that its name says; that is looked at
    // when it is opened for the first time, and blocks as long as reading all of it takes.
    std::optional<Bytes> open(const std::string& hash) const;

    // False when it has to stay for now: somebody keeps the same bytes at this moment, or holds the folder.
    bool remove(const std::string& hash);

    // Removes what was left behind: files that were never finished, and files whose hashes are not named. Leaves them
    // when somebody holds the folder. Gives how many went. Call before the first keep().
    std::size_t sweep(const std::function<bool(const std::string& hash)>& is_named);

    // Keeps the process that serves from removing anything; for another process. Waits while it is removing.
    class Hold {
    public:
        // Throws when the folder is not there.
        explicit Hold(const std::filesystem::path& folder);

    private:
        Descriptor folder_;
    };

private:
    static constexpr std::size_t checked_max = 100'000;

    std::filesystem::path path_of(const std::string& hash) const;
    void check(const std::string& hash, const Bytes& bytes) const;
    void make_subfolder(const std::string& hash);

    std::filesystem::path folder_;
    Descriptor open_;
    mutable std::mutex mutex_;
    mutable std::set<std::string> checked_;  // hashes of files whose bytes are those
    std::map<std::string, int> kept_;        // by hash, how often
    std::set<std::string> subfolders_;       // that are on the disk for certain
};

}  // namespace limp::store
