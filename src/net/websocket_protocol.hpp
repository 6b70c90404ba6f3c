// net/websocket_protocol.hpp: a WebSocket on a channel: frames to its handler's events, the close handshake, pings.
//
// The handler may call its Socket at any time up to on_closed, also from inside its own callbacks; after close(), and
// when the connection is lost, what it sends goes nowhere.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "limp/session.hpp"
#include "net/protocol.hpp"
#include "net/server.hpp"
#include "wire/websocket.hpp"

namespace limp::net {

class Channel;
class Worker;

class WebSocketProtocol final : public Protocol, public Socket {
public:
    WebSocketProtocol(Channel& channel, Worker& worker, const wire::WebSocketOptions& options, Peer peer);

    // Makes the handler. Requires: the answer to the handshake is in the channel's output.
    void open(const std::function<std::unique_ptr<SocketHandler>(Socket&)>& make_handler);

    void feed(char* bytes, std::size_t count) override;
    bool work() override;
    void on_end() override;
    void on_sweep(Clock::time_point now) override;
    void on_stopping() override;
    void on_closed() override;

    void send_text(std::string_view text) override;
    void send_binary(std::string_view bytes) override;
    void pause() override;
    void resume() override;
    void close(std::uint16_t code, std::string_view reason) override;
    const Peer& peer() const override { return peer_; }
    base::Loop& loop() override;

private:
    bool is_open() const;
    void handle(const wire::WebSocketEvent& event);
    template <class Callback>
    void guarded(Callback callback);
    bool has_room_for(std::size_t bytes);
    bool count_control_frame();
    void fail(std::uint16_t code, std::string_view reason = {});

    Channel& channel_;
    Worker& worker_;
    wire::WebSocketCodec codec_;
    Peer peer_;
    std::unique_ptr<SocketHandler> handler_;
    bool close_sent_ = false;
    bool stopping_ = false;
    Clock::time_point pinged_at_;
    Clock::time_point control_frames_since_;
    std::size_t control_frames_ = 0;
};

}  // namespace limp::net
