// tests/calls/daemon.hpp: a limpd of one's own: a child process with an empty data folder, on a free port.
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

namespace limp::calls {

class Daemon {
public:
    // Returns when it listens. `driver`: "memory" or "sqlite". Throws std::runtime_error, with its log, when it does
    // not start.
    Daemon(const std::filesystem::path& program, const std::filesystem::path& modules, const std::string& driver);

    // Kills it when it is still there, and removes its folder.
    ~Daemon();

    std::uint16_t port() const { return port_; }

    // Sends SIGTERM and gives the exit code; -1 when a signal ended it, or it had to be killed.
    int stop();

    // What it has said so far.
    std::string log();

private:
    void start(const std::filesystem::path& program, const std::filesystem::path& modules, const std::string& driver);
    void read_log(int pipe);
    int end(int signal);

    std::filesystem::path folder_;
    pid_t pid_ = -1;
    std::uint16_t port_ = 0;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::string log_;     // guarded by mutex_
    bool ended_ = false;  // guarded by mutex_: its standard error was closed
    std::jthread reader_;
};

}  // namespace limp::calls
