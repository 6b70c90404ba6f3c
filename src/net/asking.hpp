// net/asking.hpp: a request on its way through the Doorkeeper.
//
// The way may be longer than the connection lives: whoever asked may go, and the answer then goes nowhere.
//
// Threads  The worker's loop.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "limp/session.hpp"
#include "net/server.hpp"

namespace limp::net {

class Asking {
public:
    using Answered = std::function<void(const HttpRequest& request, HttpResponse response)>;

    Asking() = default;
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;
    ~Asking();

    // `answered` runs once, perhaps before this returns; not any more when the Asking is gone. What the doorkeeper
    // throws becomes an answer. Requires: nothing is under way.
    void ask(Doorkeeper& doorkeeper, HttpRequest request, Peer peer, Answered answered);

    bool is_under_way() const { return state_ != nullptr; }

private:
    struct State;
    static Task<> run(std::shared_ptr<State> state, Doorkeeper& doorkeeper);

    std::shared_ptr<State> state_;
};

// Who asks, by where the connection comes from and the headers of a request.
Peer peer_of(const TrustedProxies& proxies, const std::string& address, const HttpRequest& request);

// What the server answers when the doorkeeper threw, and when it is stopping.
HttpResponse fault(const std::exception& error, const HttpRequest& request);
HttpResponse stopping();
HttpResponse too_many();

}  // namespace limp::net
