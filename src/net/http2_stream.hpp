// net/http2_stream.hpp: one stream of an HTTP/2 connection, as Http2Protocol sees it.
//
// Threads  The worker's loop. What comes while bytes are fed is only kept; what is to be done with it is done in
//          on_turn(), which follows a touch at the end of the loop's turn.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "net/http2_session.hpp"
#include "net/protocol.hpp"

namespace limp::net {

class Connection;
class Http2Protocol;
class Worker;

class Http2Stream {
public:
    Http2Stream(Http2Protocol& protocol, http2::StreamId id) : protocol_(protocol), id_(id) {}
    Http2Stream(const Http2Stream&) = delete;
    Http2Stream& operator=(const Http2Stream&) = delete;
    virtual ~Http2Stream() = default;

    // While bytes are fed.
    virtual void on_data(std::string_view bytes) = 0;
    virtual void on_end() = 0;

    // While bytes are sent: as http2::Listener::read_body.
    virtual std::size_t read_body(std::span<char> into, bool& is_last) = 0;

    virtual void on_turn() = 0;
    virtual void on_sweep(Clock::time_point now) = 0;
    virtual void on_stopping() = 0;

    // The stream is gone, or the connection; destroyed right after.
    virtual void on_closed() = 0;

    bool is_touched = false;  // the protocol's: it is in the list for the end of this turn

protected:
    // All that streams need of their connection.
    void touch_stream();
    void end(http2::ErrorCode why);  // resets it; on_closed() follows at the end of the turn
    http2::Session& session();
    Connection& connection();
    Worker& worker();

    Http2Protocol& protocol_;
    const http2::StreamId id_;
};

}  // namespace limp::net
