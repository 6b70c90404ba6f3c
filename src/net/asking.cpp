#include "net/asking.hpp"

#include <exception>
#include <utility>

#include "base/log.hpp"
#include "base/loop.hpp"
#include "base/text.hpp"
#include "net/http_answer.hpp"
#include "net/tokens.hpp"

namespace limp::net {

struct Asking::State {
    Asking* asking;  // null when whoever asked is gone
    HttpRequest request;
    Peer peer;
    Answered answered;
};

Asking::~Asking() {
    if (state_) state_->asking = nullptr;
}

void Asking::ask(Doorkeeper& doorkeeper, HttpRequest request, Peer peer, Answered answered) {
    state_ = std::make_shared<State>(State{this, std::move(request), std::move(peer), std::move(answered)});
    base::spawn("a request", run(state_, doorkeeper));
}

Task<> Asking::run(std::shared_ptr<State> state, Doorkeeper& doorkeeper) {
    HttpResponse response;
    try {
        response = co_await doorkeeper.answer(state->request, state->peer);
    } catch (const std::exception& error) {
        response = fault(error, state->request);
    }
    if (!state->asking) co_return;
    state->asking->state_ = nullptr;
    state->answered(state->request, std::move(response));
}

Peer peer_of(const TrustedProxies& proxies, const std::string& address, const HttpRequest& request) {
    Peer peer{.address = address, .user_agent = {}};
    if (proxies.trusts(address)) peer.address = proxies.client(address, tokens(request, "x-forwarded-for"));
    // A header may hold any bytes; what cannot be stored as text is as good as no name.
    const auto agents = header_values(request, "user-agent");
    if (!agents.empty() && base::is_utf8(agents.front())) peer.user_agent = agents.front();
    return peer;
}

HttpResponse fault(const std::exception& error, const HttpRequest& request) {
    base::log_error("net", "a request failed", {{"target", request.target}, {"error", error.what()}});
    return refusal(500, "CORE_SERVER_ERROR", "The server failed at this request.");
}

HttpResponse stopping() {
    return refusal(503, "CORE_SERVER_STOPPING", "The server is stopping; try again soon.");
}

HttpResponse too_many() {
    return refusal(503, "CORE_SERVER_BUSY", "There are too many connections; try again later.");
}

}  // namespace limp::net
