#include "engine/watchdog.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/log.hpp"

namespace limp::engine {

using std::chrono::milliseconds;

Watchdog::Watchdog(std::vector<base::Loop*> loops, milliseconds turn_warn) : turn_warn_(turn_warn) {
    for (base::Loop* loop : loops) {
        watched_.push_back({loop, {}, {}});
        send_probe(watched_.back());
    }
    thread_ = std::jthread([this](const std::stop_token& stopped) { watch(stopped); });
}

Watchdog::~Watchdog() = default;

void Watchdog::watch(const std::stop_token& stopped) {
    const milliseconds pause = std::max(turn_warn_ / 2, milliseconds(1));
    std::unique_lock lock(mutex_);
    while (!stopped.stop_requested()) {
        wake_.wait_for(lock, stopped, pause, [] { return false; });
        for (Watched& watched : watched_) look_at(watched);
    }
}

void Watchdog::look_at(Watched& watched) {
    const auto waited = std::chrono::duration_cast<milliseconds>(Clock::now() - watched.probe->sent);
    if (watched.probe->is_back) {
        if (watched.is_reported) base::log_info("engine", "the thread goes on", {{"ms", waited.count()}});
        watched.pieces = watched.probe->pieces;
        send_probe(watched);
    } else if (waited > turn_warn_ && !watched.is_reported) {
        watched.is_reported = true;
        report(watched);
    }
}

void Watchdog::send_probe(Watched& watched) {
    watched.probe = std::make_shared<Probe>();
    watched.probe->sent = Clock::now();
    watched.is_reported = false;
    watched.loop->post([probe = watched.probe] {
        probe->pieces = Pieces::of_this_thread();
        probe->is_back = true;
    });
}

void Watchdog::report(const Watched& watched) {
    Object fields{{"turn_warn_ms", turn_warn_.count()}};
    if (const std::optional<PieceText> last = watched.pieces ? watched.pieces->last() : std::nullopt) {
        fields["package"] = last->package;
        fields["kind"] = last->kind;
        fields["at"] = last->name;
    }
    base::log_warning("engine", "a thread is kept from its other calls", fields);
    ++warned_;
}

}  // namespace limp::engine
