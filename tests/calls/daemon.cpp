#include "tests/calls/daemon.hpp"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <vector>

namespace limp::calls {
namespace {

constexpr std::chrono::seconds patience{30};

std::filesystem::path temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "limpd-calls-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::system_error(errno, std::generic_category(), "mkdtemp");
    return name;
}

// The port in "… address=ws://0.0.0.0:PORT/ws".
std::optional<std::uint16_t> port_in(const std::string& log) {
    const std::size_t address = log.find("address=ws://");
    if (address == std::string::npos) return std::nullopt;
    const std::size_t end = log.find("/ws", address + 13);
    if (end == std::string::npos) return std::nullopt;
    const std::size_t begin = log.rfind(':', end) + 1;
    std::uint16_t port = 0;
    std::from_chars(log.data() + begin, log.data() + end, port);
    return port;
}

// What the child does between fork and exec: nothing that could allocate.
[[noreturn]] void become(char* const* arguments, char* const* environment, int standard_error) {
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDOUT_FILENO);
    ::dup2(standard_error, STDERR_FILENO);
    ::execve(arguments[0], arguments, environment);
    ::_exit(127);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

// Ours, less what would configure limpd, and with what makes it quick: Argon2 at its cheapest.
std::vector<std::string> environment_for(const std::string& driver) {
    std::vector<std::string> out;
    for (char** entry = environ; *entry; ++entry) {
        const std::string_view text = *entry;
        if (text.starts_with("LIMP_") || text.starts_with("PORT=") || text.starts_with("ENV=") ||
            text.starts_with("DEBUG="))
            continue;
        out.emplace_back(text);
    }
    out.push_back("LIMP_DATA_DRIVER=" + driver);
    out.push_back("LIMP_PASSWORD_OPERATIONS=1");
    out.push_back("LIMP_PASSWORD_MEMORY_KIB=8192");
    return out;
}

}  // namespace

Daemon::Daemon(const std::filesystem::path& program, const std::filesystem::path& modules, const std::string& driver)
    : folder_(temporary_folder()) {
    start(program, modules, driver);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [this] { return ended_ || port_in(log_); });
    if (const auto port = port_in(log_)) {
        port_ = *port;
        return;
    }
    const std::string said = log_;
    lock.unlock();
    end(SIGKILL);
    std::filesystem::remove_all(folder_);
    throw std::runtime_error("limpd does not listen; it said:\n" + said);
}

Daemon::~Daemon() {
    if (pid_ > 0) end(SIGKILL);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

int Daemon::stop() {
    return end(SIGTERM);
}

std::string Daemon::log() {
    std::scoped_lock lock(mutex_);
    return log_;
}

void Daemon::start(
    const std::filesystem::path& program, const std::filesystem::path& modules, const std::string& driver
) {
    std::vector<std::string> arguments = {program.string(), "--port",    "0",
                                          "--address",      "127.0.0.1", "--modules",
                                          modules.string(), "--data",    (folder_ / "limp.db").string()};
    std::vector<std::string> environment = environment_for(driver);
    const std::vector<char*> argv = pointers(arguments);
    const std::vector<char*> envp = pointers(environment);

    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
    pid_ = ::fork();
    if (pid_ == 0) become(argv.data(), envp.data(), ends[1]);
    ::close(ends[1]);
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    reader_ = std::jthread([this, from = ends[0]] { read_log(from); });
}

void Daemon::read_log(int pipe) {
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t count = ::read(pipe, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        std::scoped_lock lock(mutex_);
        if (count > 0) log_.append(buffer.data(), static_cast<std::size_t>(count));
        ended_ = count <= 0;
        changed_.notify_all();
        if (ended_) break;
    }
    ::close(pipe);
}

// Sends the signal, then waits; a child that does not go is killed.
int Daemon::end(int signal) {
    ::kill(pid_, signal);
    {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, patience, [this] { return ended_; })) ::kill(pid_, SIGKILL);
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    reader_.join();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace limp::calls
