#include "app/single_calls.hpp"

#include <algorithm>
#include <coroutine>
#include <optional>
#include <utility>

#include "base/log.hpp"
#include "base/loop.hpp"

namespace limp::app {

namespace {

using Clock = std::chrono::steady_clock;

Answer unavailable(const std::exception& error) {
    base::log_error("app", "cannot admit a caller", {{"error", error.what()}});
    return Answer::of(Refusal(503, "CORE_SERVER_UNAVAILABLE", "The store cannot answer at the moment. Try again."));
}

Task<Answer> answer(engine::Engine& engine, Call call, Peer peer) {
    engine::VisitorPtr visitor;
    try {
        if (call.signed_as.empty())
            visitor = co_await engine.admit(std::move(peer));
        else
            visitor = co_await engine.admit(std::move(peer), call.signed_as);
    } catch (const std::exception& error) {
        co_return unavailable(error);
    }
    co_return co_await engine.run(std::move(call), std::move(visitor));
}

}  // namespace

// A call at work, and the one who waits for its answer.
struct SingleCalls::Pending {
    Clock::time_point deadline;
    std::optional<Answer> answer;
    std::coroutine_handle<> waiting;

    // The first answer counts: what comes behind a 504 is for nobody.
    void finish(Answer given) {
        if (answer) return;
        answer = std::move(given);
        if (waiting) std::exchange(waiting, nullptr).resume();
    }

    auto finished() {
        struct Awaiter {
            Pending& pending;
            bool await_ready() const noexcept { return pending.answer.has_value(); }
            void await_suspend(std::coroutine_handle<> coroutine) const noexcept { pending.waiting = coroutine; }
            void await_resume() const noexcept {}
        };
        return Awaiter{*this};
    }
};

Task<Answer> SingleCalls::run(Call call, Peer peer) {
    const auto pending = std::make_shared<Pending>();
    call.deadline = pending->deadline = Clock::now() + call_timeout_;
    base::spawn("a call", work(pending, engine_, std::move(call), std::move(peer)));
    if (!pending->answer) {
        const auto place = pending_.insert(pending_.end(), pending);
        watch_deadlines();
        co_await pending->finished();
        pending_.erase(place);
    }
    co_return std::move(*pending->answer);
}

Task<> SingleCalls::work(PendingPtr pending, engine::Engine& engine, Call call, Peer peer) {
    pending->finish(co_await answer(engine, std::move(call), std::move(peer)));
}

Task<Answer> SingleCalls::refuse(Refusal refusal, Peer peer) {
    engine::VisitorPtr visitor;
    try {
        visitor = co_await engine_.admit(std::move(peer));
    } catch (const std::exception& error) {
        co_return unavailable(error);
    }
    co_return engine_.refuse(refusal, *visitor);
}

// One timer, for the oldest call; all have the same time to answer.
void SingleCalls::watch_deadlines() {
    if (is_watching_ || pending_.empty()) return;
    is_watching_ = true;
    const auto left = pending_.front()->deadline - Clock::now();
    const auto delay = std::chrono::ceil<std::chrono::milliseconds>(left);
    base::Loop::current().after(std::max(delay, std::chrono::milliseconds(0)), [weak = weak_from_this()] {
        if (auto self = weak.lock()) self->refuse_late();
    });
}

void SingleCalls::refuse_late() {
    is_watching_ = false;
    while (!pending_.empty() && pending_.front()->deadline <= Clock::now()) {
        const PendingPtr late = pending_.front();
        late->finish(Answer::of(engine::timed_out()));
    }
    watch_deadlines();
}

}  // namespace limp::app
