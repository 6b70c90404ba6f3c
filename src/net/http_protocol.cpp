#include "net/http_protocol.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>
#include <variant>

#include "base/log.hpp"
#include "base/loop.hpp"
#include "base/text.hpp"
#include "net/connection.hpp"
#include "net/handshake.hpp"
#include "net/http_answer.hpp"
#include "net/tokens.hpp"
#include "net/websocket_protocol.hpp"
#include "net/worker.hpp"

namespace limp::net {
namespace {

// A client may send any number of requests and read no answer: past this, the next request waits until all is sent.
constexpr std::size_t answers_waiting_bytes = 256 * 1024;

std::string_view first_value(const HttpRequest& request, std::string_view name) {
    const auto values = header_values(request, name);
    return values.empty() ? std::string_view() : values.front();
}

HttpResponse fault(const std::exception& error, const HttpRequest& request) {
    base::log_error("net", "a request failed", {{"target", request.target}, {"error", error.what()}});
    return refusal(500, "CORE_SERVER_ERROR", "The server failed at this request.");
}

HttpResponse stopping() {
    return refusal(503, "CORE_SERVER_STOPPING", "The server is stopping; try again soon.");
}

}  // namespace

// A request whose answer is under way. It may outlive the connection.
struct HttpProtocol::Asked {
    HttpProtocol* protocol;  // null when the connection is gone
    Http1Request http;
    Peer peer;
};

HttpProtocol::HttpProtocol(Connection& connection, Worker& worker)
    : connection_(connection), worker_(worker), parser_(worker.options().header_bytes, worker.options().body_bytes) {}

HttpProtocol::~HttpProtocol() {
    if (asked_) asked_->protocol = nullptr;
}

void HttpProtocol::feed(char* bytes, std::size_t count) {
    rest_ = bytes;
    rest_count_ = count;
}

bool HttpProtocol::work() {
    while (!connection_.is_over() && !is_upgraded_) {
        if (asked_) {
            if (rest_count_ == 0) connection_.release_input();
            return false;
        }
        if (!has_room()) return false;
        if (is_last_) {
            connection_.finish();
            return true;
        }
        const auto outcome = parser_.feed({rest_, rest_count_});
        rest_ += outcome.used;
        rest_count_ -= outcome.used;
        switch (outcome.state) {
            case Http1Parser::State::need_more:
                return true;
            case Http1Parser::State::expects_continue:
                connection_.output() += "HTTP/1.1 100 Continue\r\n\r\n";
                connection_.touch();
                break;
            case Http1Parser::State::complete:
                handle(parser_.take());
                break;
            case Http1Parser::State::failed:
                refuse(outcome.status, outcome.why);
                return true;
        }
    }
    return true;
}

// Whether so little waits to be sent that the next request may be answered, or, after the last one, the end may come;
// else pauses.
bool HttpProtocol::has_room() {
    const std::size_t limit = is_last_ ? 0 : answers_waiting_bytes;
    if (connection_.waiting_bytes() <= limit) return true;
    connection_.flush();
    if (connection_.waiting_bytes() <= limit) return true;
    connection_.pause_until_flushed();
    return false;
}

void HttpProtocol::handle(Http1Request http) {
    // A header may hold any bytes; what cannot be stored as text is as good as no name.
    const std::string_view user_agent = first_value(http.request, "user-agent");
    Peer peer{.address = connection_.address(), .user_agent = {}};
    if (base::is_utf8(user_agent)) peer.user_agent = user_agent;
    if (asks_for_websocket(http.request)) {
        return answer_handshake(http, std::move(peer));
    }
    asked_ = std::make_shared<Asked>(Asked{this, std::move(http), std::move(peer)});
    base::spawn("a request", answer(asked_, worker_.doorkeeper()));
    if (asked_) connection_.pause();
}

Task<> HttpProtocol::answer(std::shared_ptr<Asked> asked, Doorkeeper& doorkeeper) {
    HttpResponse response;
    try {
        response = co_await doorkeeper.answer(asked->http.request, asked->peer);
    } catch (const std::exception& error) {
        response = fault(error, asked->http.request);
    }
    if (asked->protocol) asked->protocol->answered(response, asked->http);
}

void HttpProtocol::answered(const HttpResponse& response, const Http1Request& to) {
    asked_ = nullptr;
    send(response, to);
    connection_.resume();
}

void HttpProtocol::answer_handshake(const Http1Request& http, Peer peer) {
    const auto read = read_handshake(http);
    if (const auto* wrong = std::get_if<HttpResponse>(&read)) return send(*wrong, http);
    if (worker_.is_stopping()) return send(stopping(), http);
    const auto& handshake = std::get<Handshake>(read);
    try {
        auto entry = worker_.doorkeeper().enter(http.request, peer, handshake.subprotocols);
        if (!entry.make_handler) return send(entry.refusal, http);
        open_websocket(handshake, std::move(entry), std::move(peer));
    } catch (const std::exception& error) {
        send(fault(error, http.request), http);
    }
}

void HttpProtocol::open_websocket(const Handshake& handshake, Doorkeeper::Entry entry, Peer peer) {
    wire::WebSocketOptions options;
    options.message_bytes = entry.message_bytes;
    std::vector<std::pair<std::string, std::string>> headers = {
        {"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", handshake.accept}
    };
    if (!entry.subprotocol.empty()) headers.emplace_back("Sec-WebSocket-Protocol", entry.subprotocol);
    if (const auto deflate = entry.compress ? wire::accept_deflate(handshake.extensions, options) : std::nullopt) {
        headers.emplace_back("Sec-WebSocket-Extensions", *deflate);
    }
    auto websocket = std::make_unique<WebSocketProtocol>(connection_, worker_, options, std::move(peer));
    append_switch(connection_.output(), headers);
    connection_.touch();
    is_upgraded_ = true;

    // Only now: a handler may send at once, and its greeting comes behind the 101, before the answer to what the
    // client may have sent along with its request.
    websocket->open(entry.make_handler);
    websocket->feed(rest_, rest_count_);
    connection_.become(std::move(websocket));
}

void HttpProtocol::send(const HttpResponse& response, const Http1Request& to) {
    waiting_since_ = Clock::now();
    has_answered_ = true;
    is_last_ = !to.keep_alive || worker_.is_stopping();
    append_answer(connection_.output(), response, {.with_body = to.request.method != "HEAD", .keep_alive = !is_last_});
    connection_.touch();
}

void HttpProtocol::refuse(int status, std::string_view why) {
    append_answer(connection_.output(), refusal(status, "CORE_REQ_BAD_HTTP", why), {.keep_alive = false});
    connection_.finish();
}

void HttpProtocol::on_end() {
    connection_.finish();
}

void HttpProtocol::on_sweep(Clock::time_point now) {
    if (connection_.waiting_bytes() > 0) {
        waiting_since_ = now;
        if (now - connection_.progress_at() >= worker_.options().idle_timeout) connection_.cut();
        return;
    }
    if (asked_ || now - waiting_since_ < worker_.options().handshake_timeout) return;
    if (has_answered_ && parser_.is_idle()) return connection_.cut();
    refuse(408, "The request did not come in time.");
}

void HttpProtocol::on_stopping() {
    if (asked_ || !parser_.is_idle()) return;  // the request that is coming is still answered
    if (connection_.waiting_bytes() == 0) return connection_.cut();
    connection_.finish();
}

}  // namespace limp::net
