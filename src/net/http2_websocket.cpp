#include "net/http2_websocket.hpp"

#include <algorithm>
#include <exception>
#include <utility>
#include <variant>

#include "net/asking.hpp"
#include "net/connection.hpp"
#include "net/handshake.hpp"
#include "net/http2_protocol.hpp"
#include "net/http_answer.hpp"
#include "net/worker.hpp"

namespace limp::net {

Http2WebSocket::Http2WebSocket(Http2Protocol& protocol, http2::StreamId id, http2::Request request)
    : Http2Stream(protocol, id), request_(std::move(request)) {}

void Http2WebSocket::on_data(std::string_view bytes) {
    if (is_over()) return session().consume(id_, bytes.size());
    heard_at_ = connection().heard_at();
    arrived_ += bytes;
    touch();
}

void Http2WebSocket::on_end() {
    input_ended_ = true;
    touch();
}

void Http2WebSocket::on_turn() {
    if (request_) begin();
    work();
    if (is_over()) drop_input();
    // Who was declined has nothing more to say.
    if (has_sent_end_ && !websocket_) return end(http2::ErrorCode::none);
    if (!is_cut_ && (waiting_bytes() > 0 || finishing_)) session().resume(id_);
}

void Http2WebSocket::begin() {
    const auto request = *std::exchange(request_, std::nullopt);
    try {
        open(request);
    } catch (const std::exception& error) {
        decline(fault(error, request.http));
    }
}

void Http2WebSocket::open(const http2::Request& request) {
    const auto read = read_connect(request.http, request.protocol);
    if (const auto* wrong = std::get_if<HttpResponse>(&read)) return decline(*wrong);
    if (worker().is_stopping()) return decline(stopping());
    // A socket costs as much here as on a connection of its own.
    Peer peer = peer_of(worker().options().trusted_proxies, connection().address(), request.http);
    auto place = worker().admit_socket(peer.address);
    if (!place) return decline(too_many());
    place_.emplace(std::move(*place));

    const auto& handshake = std::get<Handshake>(read);
    const auto entry = worker().doorkeeper().enter(request.http, peer, handshake.subprotocols);
    if (!entry.make_handler) return decline(entry.refusal);
    Headers headers = origin_headers();
    const wire::WebSocketOptions options = agree(handshake, entry, headers);
    websocket_ = std::make_unique<WebSocketProtocol>(*this, worker(), options, std::move(peer));
    session().answer(id_, 200, headers, true);
    websocket_->open(entry.make_handler);
}

void Http2WebSocket::decline(const HttpResponse& response) {
    session().answer(id_, response.status, answer_headers(response), true);
    output_ = response.body;
    finish();
}

// As Connection does it, with what has arrived for what can be read.
void Http2WebSocket::work() {
    while (!is_over() && !paused_ && (is_at_work_ || !arrived_.empty())) {
        if (!std::exchange(is_at_work_, true)) {
            fed_.swap(arrived_);
            websocket_->feed(fed_.data(), fed_.size());
        }
        if (!websocket_->work()) return;
        is_at_work_ = false;
        session().consume(id_, fed_.size());
        fed_.clear();
    }
    if (input_ended_ && !is_over() && !is_at_work_ && arrived_.empty()) websocket_->on_end();
}

void Http2WebSocket::drop_input() {
    session().consume(id_, fed_.size() + arrived_.size());
    std::string().swap(fed_);
    std::string().swap(arrived_);
}

std::size_t Http2WebSocket::read_body(std::span<char> into, bool& is_last) {
    std::size_t count = 0;
    while (count < into.size() && waiting_bytes() > 0) {
        if (sent_ == sending_.size()) send_next();
        const std::size_t copied = sending_.copy(into.data() + count, into.size() - count, sent_);
        sent_ += copied;
        count += copied;
    }
    if (waiting_bytes() == 0) {
        send_next();
        release_if_large();
        is_last = has_sent_end_ = finishing_;
        if (is_last) touch();
    }
    return count;
}

void Http2WebSocket::on_sweep(Clock::time_point now) {
    if (is_cut_) return;
    if (cut_at_ && now >= *cut_at_) return cut();
    if (!finishing_ && websocket_) websocket_->on_sweep(now);
}

void Http2WebSocket::on_stopping() {
    if (websocket_) websocket_->on_stopping();
}

void Http2WebSocket::on_closed() {
    is_cut_ = true;
    if (websocket_) websocket_->on_closed();
}

void Http2WebSocket::flush() {
    if (is_cut_) return;
    session().resume(id_);
    connection().flush();
}

void Http2WebSocket::pause() {
    paused_ = true;
}

void Http2WebSocket::resume() {
    paused_ = false;
    touch();
}

void Http2WebSocket::finish() {
    if (is_over()) return;
    finishing_ = true;
    paused_ = false;
    cut_after(worker().options().close_timeout);
    touch();
}

void Http2WebSocket::cut() {
    if (std::exchange(is_cut_, true)) return;
    end(http2::ErrorCode::cancel);
}

}  // namespace limp::net
