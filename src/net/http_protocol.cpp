#include "net/http_protocol.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>
#include <variant>

#include "base/log.hpp"
#include "net/connection.hpp"
#include "net/handshake.hpp"
#include "net/http2_protocol.hpp"
#include "net/http_answer.hpp"
#include "net/websocket_protocol.hpp"
#include "net/worker.hpp"

namespace limp::net {
namespace {

// A client may send any number of requests and read no answer: past this, the next request waits until all is sent.
constexpr std::size_t answers_waiting_bytes = 256 * 1024;

// Of a file: in memory at a time, and sent before others of the loop have their turn.
constexpr std::size_t file_piece_bytes = 64 * 1024;
constexpr std::size_t file_bytes_in_turn = 16 * file_piece_bytes;

}  // namespace

HttpProtocol::HttpProtocol(Connection& connection, Worker& worker)
    : connection_(connection), worker_(worker), parser_(worker.options().header_bytes, worker.options().body_bytes) {}

void HttpProtocol::feed(char* bytes, std::size_t count) {
    rest_ = bytes;
    rest_count_ = count;
}

bool HttpProtocol::work() {
    while (!connection_.is_over() && !is_replaced_) {
        if (asking_.is_under_way()) {
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
            case Http1Parser::State::is_http2:
                go_on_as_http2();
                return true;
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
    const auto is_enough = [&] { return !file_ && connection_.waiting_bytes() <= limit; };
    if (is_enough()) return true;
    connection_.flush();
    if (is_enough()) return true;
    connection_.pause_until_flushed();
    return false;
}

void HttpProtocol::on_turn() {
    file_sent_in_turn_ = 0;
}

void HttpProtocol::fill_output() {
    if (!file_) return;
    if (file_sent_in_turn_ >= file_bytes_in_turn) return connection_.touch();
    std::string& out = connection_.output();
    out.resize(std::min(file_->size() - file_sent_, file_piece_bytes));
    try {
        file_->read(file_sent_, out);
    } catch (const std::exception& error) {
        base::log_error("net", "a file cannot be sent to its end", {{"error", error.what()}});
        out.clear();
        file_.reset();
        return connection_.finish();  // too early: the client sees that it has not got all
    }
    file_sent_ += out.size();
    file_sent_in_turn_ += out.size();
    if (file_sent_ == file_->size()) file_.reset();
}

void HttpProtocol::handle(Http1Request http) {
    Peer peer = peer_of(worker_.options().trusted_proxies, connection_.address(), http.request);
    if (asks_for_websocket(http.request)) return answer_handshake(http, std::move(peer));
    const auto answered = [this, keep_alive = http.keep_alive](const HttpRequest& to, const HttpResponse& response) {
        send(response, to.method != "HEAD", keep_alive);
        connection_.resume();
    };
    asking_.ask(worker_.doorkeeper(), std::move(http.request), std::move(peer), answered);
    if (asking_.is_under_way()) connection_.pause();
}

void HttpProtocol::answer_handshake(const Http1Request& http, Peer peer) {
    const auto decline = [&](const HttpResponse& response) {
        send(response, http.request.method != "HEAD", http.keep_alive);
    };
    const auto read = read_handshake(http);
    if (const auto* wrong = std::get_if<HttpResponse>(&read)) return decline(*wrong);
    if (worker_.is_stopping()) return decline(stopping());
    if (!connection_.count_for(peer.address)) return decline(too_many());
    const auto& handshake = std::get<Handshake>(read);
    try {
        const auto entry = worker_.doorkeeper().enter(http.request, peer, handshake.subprotocols);
        if (!entry.make_handler) return decline(entry.refusal);
        open_websocket(handshake, entry, std::move(peer));
    } catch (const std::exception& error) {
        decline(fault(error, http.request));
    }
}

void HttpProtocol::open_websocket(const Handshake& handshake, const Doorkeeper::Entry& entry, Peer peer) {
    Headers headers = {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", handshake.accept}};
    const wire::WebSocketOptions options = agree(handshake, entry, headers);
    auto websocket = std::make_unique<WebSocketProtocol>(connection_, worker_, options, std::move(peer));
    append_switch(connection_.output(), headers);
    connection_.touch();
    is_replaced_ = true;

    // Only now: a handler may send at once, and its greeting comes behind the 101, before the answer to what the
    // client may have sent along with its request.
    websocket->open(entry.make_handler);
    websocket->feed(rest_, rest_count_);
    connection_.become(std::move(websocket));
}

// The parser has taken the first half of the client's preface; the other follows.
void HttpProtocol::go_on_as_http2() {
    is_replaced_ = true;
    auto http2 = std::make_unique<Http2Protocol>(connection_, worker_, http2_preface_half);
    http2->feed(rest_, rest_count_);
    connection_.become(std::move(http2));
}

void HttpProtocol::send(const HttpResponse& response, bool with_body, bool keep_alive) {
    waiting_since_ = Clock::now();
    has_answered_ = true;
    is_last_ = !keep_alive || worker_.is_stopping();
    append_answer(connection_.output(), response, {.with_body = with_body, .keep_alive = !is_last_});
    if (with_body && has_body(response.status) && response.file && response.file->size() > 0) {
        file_ = response.file;
        file_sent_ = 0;
    }
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
    if (connection_.waiting_bytes() > 0 || file_) {
        waiting_since_ = now;
        if (now - connection_.progress_at() >= worker_.options().idle_timeout) connection_.cut();
        return;
    }
    if (asking_.is_under_way() || now - waiting_since_ < worker_.options().handshake_timeout) return;
    if (has_answered_ && parser_.is_idle()) return connection_.cut();
    refuse(408, "The request did not come in time.");
}

void HttpProtocol::on_stopping() {
    if (file_) {
        is_last_ = true;
        return;
    }
    if (asking_.is_under_way() || !parser_.is_idle()) return;  // the request that is coming is still answered
    if (connection_.waiting_bytes() == 0) return connection_.cut();
    connection_.finish();
}

}  // namespace limp::net
