// app/signals.hpp: SIGTERM and SIGINT. The first stops limpd in order, the second ends the process at once.
#pragma once

#include <functional>
#include <thread>

namespace limp::app {

class StopSignals {
public:
    // Keeps both signals for a thread of its own: make it before any other thread. SIGPIPE is ignored from here on.
    StopSignals();
    ~StopSignals();

    // What the first signal does, on that thread. A signal that came before is not forgotten.
    void on_first(std::function<void()> stop);

private:
    void wait(const std::function<void()>& stop);

    std::jthread thread_;
};

}  // namespace limp::app
