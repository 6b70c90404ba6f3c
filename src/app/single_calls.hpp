// app/single_calls.hpp: calls that come one by one, each with whoever makes it: what HTTP requests carry.
//
// Threads  One object a loop.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <string>

#include "engine/engine.hpp"
#include "limp/task.hpp"

namespace limp::app {

class SingleCalls : public std::enable_shared_from_this<SingleCalls> {
public:
    // A call that takes longer than `call_timeout` is answered with 504 CORE_REQ_TIMEOUT.
    SingleCalls(engine::Engine& engine, std::chrono::milliseconds call_timeout)
        : engine_(engine), call_timeout_(call_timeout) {}

    // `call.signed_as`: the session whose token the caller has shown; empty: nobody's. Never throws.
    Task<Answer> run(Call call, Peer peer);

    // Answers what was no call, or was not signed as it should be. It counts like any call.
    Task<Answer> refuse(Refusal refusal, Peer peer);

private:
    struct Pending;
    using PendingPtr = std::shared_ptr<Pending>;

    static Task<> work(PendingPtr pending, engine::Engine& engine, Call call, Peer peer);
    void watch_deadlines();
    void refuse_late();

    engine::Engine& engine_;
    const std::chrono::milliseconds call_timeout_;
    std::list<PendingPtr> pending_;  // in order of deadline
    bool is_watching_ = false;
};

}  // namespace limp::app
