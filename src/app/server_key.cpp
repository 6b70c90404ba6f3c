#include "app/server_key.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "app/options.hpp"
#include "base/base64.hpp"
#include "base/id.hpp"

namespace limp::app {

namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
    throw UsageError("server key file " + file.string() + ": " + what);
}

// O_EXCL: two daemons that start at once do not overwrite each other's key.
void make(const std::filesystem::path& file) {
    if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) fail(file, std::strerror(errno));
    const std::string text = base::to_base64url(base::random_bytes(32)) + "\n";
    const bool is_written =
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
    const std::string why = std::strerror(errno);
    ::close(descriptor);
    if (!is_written) {
        ::unlink(file.c_str());
        fail(file, why);
    }
}

}  // namespace

std::string server_key(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) make(file);
    struct stat status{};
    if (::stat(file.c_str(), &status) != 0) fail(file, std::strerror(errno));
    if ((status.st_mode & 077) != 0) fail(file, "others may read it; run: chmod 600 " + file.string());
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line)) fail(file, "cannot be read, or is empty");
    const std::optional<std::string> key = base::from_base64url(line);
    if (!key || key->size() < 32) fail(file, "holds no key (at least 32 bytes, as base64url, on its first line)");
    return *key;
}

}  // namespace limp::app
