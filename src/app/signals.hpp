// app/signals.hpp: SIGTERM and SIGINT: the first stops limpd in order, the second ends the process at once. SIGHUP:
// files that may have changed are read again.
#pragma once

#include <functional>
#include <thread>
#include <utility>

namespace limp::app {

class StopSignals {
public:
    // Keeps these signals for a thread of its own: make it before any other thread. SIGPIPE is ignored from here on.
    StopSignals();
    ~StopSignals();

    // What SIGHUP does, on that thread. Before on_first().
    void on_hangup(std::function<void()> read_again) { read_again_ = std::move(read_again); }

    // What the first signal does, on that thread. A signal that came before is not forgotten.
    void on_first(std::function<void()> stop);

private:
    void wait(const std::function<void()>& stop);
    int next_end();

    std::function<void()> read_again_ = [] {};
    std::jthread thread_;
};

}  // namespace limp::app
