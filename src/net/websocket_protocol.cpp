#include "net/websocket_protocol.hpp"

#include <exception>
#include <utility>

#include "base/log.hpp"
#include "net/channel.hpp"
#include "net/worker.hpp"

namespace limp::net {

using wire::CloseCode;
using wire::WebSocketCodec;
using wire::WebSocketEvent;

WebSocketProtocol::WebSocketProtocol(Channel& channel, Worker& worker, const wire::WebSocketOptions& options, Peer peer)
    : channel_(channel), worker_(worker), codec_(options), peer_(std::move(peer)) {}

// What a handler throws ends its connection, never the loop.
template <class Callback>
void WebSocketProtocol::guarded(Callback callback) {
    try {
        callback();
    } catch (const std::exception& error) {
        base::log_error("net", "a socket's handler failed", {{"address", peer_.address}, {"error", error.what()}});
        fail(CloseCode::fault);
    }
}

void WebSocketProtocol::open(const std::function<std::unique_ptr<SocketHandler>(Socket&)>& make_handler) {
    guarded([&] { handler_ = make_handler(*this); });
    if (!handler_) fail(CloseCode::fault);
}

bool WebSocketProtocol::is_open() const {
    return !close_sent_ && !channel_.is_over();
}

void WebSocketProtocol::feed(char* bytes, std::size_t count) {
    codec_.feed(bytes, count);
}

bool WebSocketProtocol::work() {
    while (!channel_.is_over()) {
        if (channel_.is_paused()) return false;
        const WebSocketEvent event = codec_.next();
        if (event.kind == WebSocketEvent::Kind::none) return true;
        handle(event);
    }
    return true;
}

void WebSocketProtocol::handle(const WebSocketEvent& event) {
    const bool is_listening = is_open() && !stopping_;
    switch (event.kind) {
        case WebSocketEvent::Kind::none:
            break;
        case WebSocketEvent::Kind::text:
            if (is_listening) guarded([&] { handler_->on_text(event.payload); });
            break;
        case WebSocketEvent::Kind::binary:
            if (is_listening) guarded([&] { handler_->on_binary(event.payload); });
            break;
        case WebSocketEvent::Kind::ping:
            if (!count_control_frame() || !is_open()) break;
            WebSocketCodec::send_pong(channel_.output(), event.payload);
            channel_.touch();
            break;
        case WebSocketEvent::Kind::pong:
            count_control_frame();
            break;
        case WebSocketEvent::Kind::close:
        case WebSocketEvent::Kind::failed:
            fail(event.code);
            break;
    }
}

// The close frame, unless one was sent, and then the end: the peer's own close has come, or is not waited for.
void WebSocketProtocol::fail(std::uint16_t code, std::string_view reason) {
    if (channel_.is_over()) return;
    if (!std::exchange(close_sent_, true)) WebSocketCodec::send_close(channel_.output(), code, reason);
    channel_.finish();
}

void WebSocketProtocol::close(std::uint16_t code, std::string_view reason) {
    if (!is_open()) return;
    close_sent_ = true;
    WebSocketCodec::send_close(channel_.output(), code, reason);
    channel_.cut_after(worker_.options().close_timeout);
    channel_.resume();  // to see the peer's close frame
}

void WebSocketProtocol::send_text(std::string_view text) {
    if (!is_open() || !has_room_for(text.size())) return;
    codec_.send_text(channel_.output(), text);
    channel_.touch();
}

void WebSocketProtocol::send_binary(std::string_view bytes) {
    if (!is_open() || !has_room_for(bytes.size())) return;
    codec_.send_binary(channel_.output(), bytes);
    channel_.touch();
}

bool WebSocketProtocol::has_room_for(std::size_t bytes) {
    const std::size_t limit = worker_.options().send_bytes;
    if (channel_.waiting_bytes() + bytes <= limit) return true;
    channel_.flush();
    if (channel_.waiting_bytes() + bytes <= limit) return is_open();
    channel_.drop_output();
    fail(CloseCode::try_again, "too much waits for you to read it");
    return false;
}

bool WebSocketProtocol::count_control_frame() {
    const auto now = Clock::now();
    if (now - control_frames_since_ >= std::chrono::seconds(1)) {
        control_frames_since_ = now;
        control_frames_ = 0;
    }
    if (++control_frames_ <= worker_.options().control_frames_per_second) return true;
    fail(CloseCode::policy, "too many pings and pongs");
    return false;
}

void WebSocketProtocol::pause() {
    if (is_open()) channel_.pause();
}

void WebSocketProtocol::resume() {
    if (is_open()) channel_.resume();
}

base::Loop& WebSocketProtocol::loop() {
    return worker_.loop();
}

void WebSocketProtocol::on_end() {
    channel_.cut();
}

void WebSocketProtocol::on_sweep(Clock::time_point now) {
    // While paused the peer is not listened to, so its silence says nothing.
    if (!is_open() || channel_.is_paused()) return;
    const auto silent = now - channel_.heard_at();
    if (silent >= worker_.options().idle_timeout) {
        WebSocketCodec::send_close(channel_.output(), CloseCode::going_away, "nothing was heard of you");
        channel_.flush();
        channel_.cut();
    } else if (silent >= worker_.options().ping_every && now - pinged_at_ >= worker_.options().ping_every) {
        pinged_at_ = now;
        WebSocketCodec::send_ping(channel_.output(), {});
        channel_.touch();
    }
}

void WebSocketProtocol::on_stopping() {
    if (!is_open()) return;
    stopping_ = true;
    guarded([&] { handler_->on_stopping(); });
}

void WebSocketProtocol::on_closed() {
    try {
        if (handler_) handler_->on_closed();
    } catch (const std::exception& error) {
        base::log_error("net", "a socket's handler failed", {{"address", peer_.address}, {"error", error.what()}});
    }
    handler_.reset();
}

}  // namespace limp::net
