#include "picture/helper.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace limp::picture {

namespace {

using Clock = std::chrono::steady_clock;

// What both sides read from and write to. A socket, not two pipes: writing to one that nobody reads any more is an
// error there, and no signal.
class Line {
public:
    Line() {
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()) != 0)
            throw NoHelper("no line to it: " + std::generic_category().message(errno));
    }
    ~Line() {
        for (int& end : ends_) close(end);
    }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    int ours() const { return ends_[0]; }
    int theirs() const { return ends_[1]; }
    void close_theirs() { close(ends_[1]); }

private:
    static void close(int& end) {
        if (end >= 0) ::close(std::exchange(end, -1));
    }

    std::array<int, 2> ends_{-1, -1};
};

class Child {
public:
    Child(const std::filesystem::path& program, const std::vector<std::string>& arguments, int line) {
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, line, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, line, STDOUT_FILENO);
        ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);

        // A program begins with no signal held back or ignored, whatever this process does.
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        posix_spawnattr_t attributes;
        ::posix_spawnattr_init(&attributes);
        ::posix_spawnattr_setsigmask(&attributes, &none);
        ::posix_spawnattr_setsigdefault(&attributes, &all);
        ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

        std::vector<std::string> words{program.string()};
        words.insert(words.end(), arguments.begin(), arguments.end());
        std::vector<char*> argv;
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        std::array<char*, 1> environment{nullptr};
        const int error = ::posix_spawn(&id_, program.c_str(), &actions, &attributes, argv.data(), environment.data());
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
        if (error != 0) throw NoHelper(program.string() + ": " + std::generic_category().message(error));
    }

    // Whoever was not awaited has nothing to say any more.
    ~Child() {
        if (id_ <= 0) return;
        ::kill(id_, SIGKILL);
        await();
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // How it ended, in words; empty: well.
    std::string await() {
        int status = 0;
        while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) continue;
        id_ = 0;
        if (WIFSIGNALED(status)) return std::string("ended by ") + ::strsignal(WTERMSIG(status));
        return WEXITSTATUS(status) == 0 ? "" : "exit code " + std::to_string(WEXITSTATUS(status));
    }

private:
    pid_t id_ = 0;
};

// Feeds and reads at the same time, as either side may wait for the other.
class Exchange {
public:
    Exchange(int line, const Bytes& input, std::size_t bytes_max) : line_(line), input_(input), bytes_max_(bytes_max) {}

    // Until the other side has closed. False: not by then, or it gives too much.
    bool run(Clock::time_point until) {
        while (!is_over_) {
            pollfd wanted{.fd = line_, .events = POLLIN, .revents = 0};
            if (!is_fed_) wanted.events |= POLLOUT;
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
            const int ready = left > 0 ? ::poll(&wanted, 1, static_cast<int>(left)) : 0;
            if (ready < 0 && errno == EINTR) continue;
            if (ready <= 0) return false;
            if (!is_fed_ && (wanted.revents & (POLLOUT | POLLERR | POLLHUP))) feed();
            if (wanted.revents & (POLLIN | POLLERR | POLLHUP)) read();
            if (taken.size() > bytes_max_) return false;
        }
        return true;
    }

    std::string taken;

private:
    void feed() {
        if (at_ == part_.size()) {
            part_.resize(std::min(input_.size() - fed_, std::size_t{256 * 1024}));
            input_.read(fed_, part_);
            fed_ += part_.size();
            at_ = 0;
        }
        const ssize_t count = ::send(line_, part_.data() + at_, part_.size() - at_, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count > 0) at_ += static_cast<std::size_t>(count);
        const bool is_refused = count < 0 && errno != EAGAIN && errno != EINTR;
        if (is_refused || (at_ == part_.size() && fed_ == input_.size())) {
            is_fed_ = true;
            ::shutdown(line_, SHUT_WR);
        }
    }

    void read() {
        std::array<char, 65'536> part;
        const ssize_t count = ::recv(line_, part.data(), part.size(), MSG_DONTWAIT);
        if (count > 0) taken.append(part.data(), static_cast<std::size_t>(count));
        is_over_ = count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
    }

    const int line_;
    const Bytes& input_;
    const std::size_t bytes_max_;
    std::string part_;  // of the input: sent up to at_
    std::size_t at_ = 0;
    std::size_t fed_ = 0;
    bool is_fed_ = false;
    bool is_over_ = false;
};

}  // namespace

Helped run_helper(
    const std::filesystem::path& program, const std::vector<std::string>& arguments, const Bytes& input,
    std::size_t bytes_max, std::chrono::milliseconds timeout
) {
    Line line;
    Child child(program, arguments, line.theirs());
    line.close_theirs();
    Exchange exchange(line.ours(), input, bytes_max);
    if (!exchange.run(Clock::now() + timeout)) return {false, {}, "it took too long, or gave too much"};
    std::string reason = child.await();
    return {reason.empty(), std::move(exchange.taken), std::move(reason)};
}

}  // namespace limp::picture
