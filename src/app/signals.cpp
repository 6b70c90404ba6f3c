#include "app/signals.hpp"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <utility>

namespace limp::app {

namespace {

// SIGUSR1 wakes the waiting thread when limpd ends by itself.
sigset_t waited_for() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    return set;
}

int next_signal() {
    const sigset_t set = waited_for();
    int signal = 0;
    sigwait(&set, &signal);
    return signal;
}

constexpr int exit_code_of_an_interrupted_program = 130;

}  // namespace

StopSignals::StopSignals() {
    const sigset_t set = waited_for();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

StopSignals::~StopSignals() {
    if (thread_.joinable()) pthread_kill(thread_.native_handle(), SIGUSR1);
}

void StopSignals::on_first(std::function<void()> stop) {
    thread_ = std::jthread([this, stop = std::move(stop)] { wait(stop); });
}

// The next signal that is no SIGHUP.
int StopSignals::next_end() {
    for (;;) {
        const int signal = next_signal();
        if (signal != SIGHUP) return signal;
        read_again_();
    }
}

void StopSignals::wait(const std::function<void()>& stop) {
    if (next_end() == SIGUSR1) return;
    stop();
    if (next_end() == SIGUSR1) return;
    _exit(exit_code_of_an_interrupted_program);
}

}  // namespace limp::app
