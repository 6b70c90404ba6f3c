#include "store/file_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/sha256.hpp"
#include "limp/store.hpp"

namespace limp::store {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& path) {
    throw StoreUnavailable(path.string() + ": " + std::error_code(errno, std::generic_category()).message());
}

// What is being written bears this until it is whole.
constexpr std::string_view unfinished = ".new-";

constexpr std::size_t hash_digits = 64;

// Throws when it cannot be made. Whether it was not there.
bool make_folder(const fs::path& folder) {
    if (::mkdir(folder.c_str(), 0700) == 0) return true;
    if (errno == EEXIST) return false;
    fail(folder);
}

const fs::path& made(const fs::path& folder) {
    if (make_folder(folder)) sync_folder(folder.parent_path());
    return folder;
}

// A name that keep() gives: other files in the folder are somebody else's.
bool is_ours(const fs::path& file) {
    const std::string name = file.filename().string();
    const std::string_view hash = std::string_view(name).substr(0, hash_digits);
    const std::string_view rest = std::string_view(name).substr(hash.size());
    return hash.size() == hash_digits && hash.find_first_not_of("0123456789abcdef") == hash.npos &&
           hash.substr(0, 2) == file.parent_path().filename().string() &&
           (rest.empty() || rest.starts_with(unfinished));
}

void remove_file(const fs::path& file) {
    if (::unlink(file.c_str()) != 0 && errno != ENOENT) fail(file);
}

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    try {
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
            if (entry.is_regular_file() && is_ours(entry.path())) files.push_back(entry.path());
    } catch (const fs::filesystem_error& error) {
        throw StoreUnavailable(error.what());
    }
    return files;
}

void write(const fs::path& file, std::string_view bytes) {
    UnfinishedFile name(file.string() + std::string(unfinished) + base::new_random_id());
    {
        const Descriptor out(name.path(), O_WRONLY | O_CREAT | O_EXCL);
        out.write(bytes);
        out.sync();
    }
    name.finish(file);
}

class OpenFile final : public Bytes::Source {
public:
    explicit OpenFile(const fs::path& file) : file_(file, O_RDONLY), size_(file_.size()) {}
    std::size_t size() const override { return size_; }
    void read(std::size_t offset, std::span<char> into) const override { file_.read(offset, into); }

private:
    const Descriptor file_;
    const std::size_t size_;
};

std::optional<Bytes> open_file(const fs::path& file) {
    try {
        return Bytes(std::make_shared<OpenFile>(file));
    } catch (const StoreUnavailable&) {
        if (std::error_code error; fs::exists(file, error) || error) throw;
        return std::nullopt;
    }
}

std::string hash_of(const Bytes& bytes) {
    base::Sha256 hash;
    std::vector<char> part(std::min(bytes.size(), std::size_t{256 * 1024}));
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t count = bytes.read(at, part);
        hash.add({part.data(), count});
        at += count;
    }
    return hash.hex();
}

// As long as it lives nobody holds the folder; false when somebody does already.
class Removing {
public:
    explicit Removing(const Descriptor& folder) : folder_(folder), may_(folder.lock(LOCK_EX | LOCK_NB)) {}
    ~Removing() {
        if (may_) folder_.lock(LOCK_UN);
    }
    Removing(const Removing&) = delete;
    Removing& operator=(const Removing&) = delete;

    explicit operator bool() const { return may_; }

private:
    const Descriptor& folder_;
    bool may_;
};

}  // namespace

FileFolder::FileFolder(fs::path folder) : folder_(std::move(folder)), open_(made(folder_), O_RDONLY | O_DIRECTORY) {}

FileFolder::Kept::Kept(FileFolder& folder, std::string hash, std::size_t size)
    : folder_(&folder), hash_(std::move(hash)), size_(static_cast<std::int64_t>(size)) {
    const std::lock_guard lock(folder_->mutex_);
    ++folder_->kept_[hash_];
}

FileFolder::Kept::Kept(Kept&& other) noexcept
    : folder_(std::exchange(other.folder_, nullptr)), hash_(std::move(other.hash_)), size_(other.size_) {}

FileFolder::Kept::~Kept() {
    if (!folder_) return;
    const std::lock_guard lock(folder_->mutex_);
    if (--folder_->kept_[hash_] == 0) folder_->kept_.erase(hash_);
}

FileFolder::Kept FileFolder::keep(std::string_view bytes) {
    Kept kept(*this, base::sha256_hex(bytes), bytes.size());  // first: from here on what is there already stays
    make_subfolder(kept.hash());
    const fs::path file = path_of(kept.hash());
    if (read_file(file) != bytes) write(file, bytes);
    sync_folder(file.parent_path());  // also when it was there: who wrote it may not have come so far
    return kept;
}

void FileFolder::make_subfolder(const std::string& hash) {
    const std::string name = hash.substr(0, 2);
    const std::lock_guard lock(mutex_);
    if (subfolders_.contains(name)) return;
    make_folder(folder_ / name);
    open_.sync();
    subfolders_.insert(name);
}

std::optional<Bytes> FileFolder::open(const std::string& hash) const {
    std::optional<Bytes> bytes = open_file(path_of(hash));
    if (bytes) check(hash, *bytes);
    return bytes;
}

void FileFolder::check(const std::string& hash, const Bytes& bytes) const {
    {
        const std::lock_guard lock(mutex_);
        if (checked_.contains(hash)) return;
    }
    if (hash_of(bytes) != hash)
        throw StoreUnavailable(path_of(hash).string() + ": the bytes are not those that were stored; it is damaged");
    const std::lock_guard lock(mutex_);
    if (checked_.size() >= checked_max) checked_.clear();
    checked_.insert(hash);
}

bool FileFolder::remove(const std::string& hash) {
    const std::lock_guard lock(mutex_);
    if (kept_.contains(hash)) return false;
    const Removing removing(open_);
    if (!removing) return false;
    checked_.erase(hash);
    remove_file(path_of(hash));
    return true;
}

std::size_t FileFolder::sweep(const std::function<bool(const std::string& hash)>& is_named) {
    const Removing removing(open_);
    if (!removing) return 0;
    std::size_t removed = 0;
    for (const fs::path& file : files_in(folder_)) {
        const std::string name = file.filename().string();
        if (name.size() == hash_digits && is_named(name)) continue;
        remove_file(file);
        ++removed;
    }
    return removed;
}

fs::path FileFolder::path_of(const std::string& hash) const {
    return folder_ / hash.substr(0, 2) / hash;
}

FileFolder::Hold::Hold(const fs::path& folder) : folder_(folder, O_RDONLY | O_DIRECTORY) {
    folder_.lock(LOCK_SH);
}

}  // namespace limp::store
