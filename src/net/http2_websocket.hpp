// net/http2_websocket.hpp: a stream that is a WebSocket (RFC 8441): a channel for the protocol that runs on
// connections.
//
// Input     Is kept as it comes, and counts against the stream's window until the protocol is through with it: while
//           the protocol is paused, the peer can send one window.
// End       END_STREAM is what the end of input is on a connection, RST_STREAM with CANCEL what a reset is.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/admission.hpp"
#include "net/channel.hpp"
#include "net/http2_stream.hpp"
#include "net/server.hpp"
#include "net/websocket_protocol.hpp"

namespace limp::net {

class Http2WebSocket final : public Http2Stream, public Channel {
public:
    Http2WebSocket(Http2Protocol& protocol, http2::StreamId id, http2::Request request);

    void on_data(std::string_view bytes) override;
    void on_end() override;
    std::size_t read_body(std::span<char> into, bool& is_last) override;
    void on_turn() override;
    void on_sweep(Clock::time_point now) override;
    void on_stopping() override;
    void on_closed() override;

    void touch() override { touch_stream(); }
    void flush() override;
    void pause() override;
    void resume() override;
    bool is_paused() const override { return paused_; }
    void finish() override;
    void cut() override;
    void cut_after(Clock::duration delay) override { cut_at_ = Clock::now() + delay; }
    bool is_over() const override { return is_cut_ || finishing_; }
    Clock::time_point heard_at() const override { return heard_at_; }

private:
    void begin();
    void open(const http2::Request& request);
    void decline(const HttpResponse& response);
    void work();
    void drop_input();

    std::optional<http2::Request> request_;  // until it was answered
    std::unique_ptr<WebSocketProtocol> websocket_;
    std::optional<Admission::Place> place_;

    std::string arrived_;      // and not fed yet
    std::string fed_;          // while the protocol is not through with it
    bool is_at_work_ = false;  // the protocol has not come through yet
    bool paused_ = false;
    bool input_ended_ = false;
    bool finishing_ = false;
    bool has_sent_end_ = false;
    bool is_cut_ = false;
    Clock::time_point heard_at_ = Clock::now();
    std::optional<Clock::time_point> cut_at_;
};

}  // namespace limp::net
