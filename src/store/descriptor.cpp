#include "store/descriptor.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "limp/store.hpp"

namespace limp::store {

Descriptor::Descriptor(std::filesystem::path path, int flags)
    : path_(std::move(path)), number_(::open(path_.c_str(), flags | O_CLOEXEC, 0600)) {
    if (number_ < 0) fail();
}

Descriptor::~Descriptor() {
    ::close(number_);
}

void Descriptor::fail() const {
    throw StoreUnavailable(path_.string() + ": " + std::error_code(errno, std::generic_category()).message());
}

void Descriptor::sync() const {
    if (::fsync(number_) != 0) fail();
}

void Descriptor::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t count = ::write(number_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail();
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

std::string Descriptor::read_all() const {
    std::string bytes;
    std::array<char, 65'536> part;
    for (;;) {
        const ssize_t count = ::read(number_, part.data(), part.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail();
        if (count == 0) return bytes;
        bytes.append(part.data(), static_cast<std::size_t>(count));
    }
}

std::size_t Descriptor::size() const {
    struct stat status{};
    if (::fstat(number_, &status) != 0) fail();
    return static_cast<std::size_t>(status.st_size);
}

void Descriptor::read(std::size_t offset, std::span<char> into) const {
    while (!into.empty()) {
        const ssize_t count = ::pread(number_, into.data(), into.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail();
        if (count == 0) throw StoreUnavailable(path_.string() + ": it is shorter than it was");
        into = into.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::size_t>(count);
    }
}

bool Descriptor::lock(int operation) const {
    while (::flock(number_, operation) != 0) {
        if (errno == EWOULDBLOCK) return false;
        if (errno != EINTR) fail();
    }
    return true;
}

UnfinishedFile::~UnfinishedFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
}

void UnfinishedFile::finish(const std::filesystem::path& name) {
    std::error_code error;
    std::filesystem::rename(path_, name, error);
    if (error) throw StoreUnavailable(name.string() + ": " + error.message());
    path_.clear();
}

std::optional<std::string> read_file(const std::filesystem::path& file) {
    try {
        return Descriptor(file, O_RDONLY).read_all();
    } catch (const StoreUnavailable&) {
        if (std::error_code error; std::filesystem::exists(file, error) || error) throw;
        return std::nullopt;
    }
}

void sync_folder(const std::filesystem::path& folder) {
    Descriptor(folder, O_RDONLY | O_DIRECTORY).sync();
}

}  // namespace limp::store
