// net/protocol.hpp: what is spoken on a connection: HTTP/1.1 at first, then perhaps WebSocket or HTTP/2.
//
// Threads  The connection's loop.
#pragma once

#include <chrono>
#include <cstddef>

namespace limp::net {

using Clock = std::chrono::steady_clock;

class Protocol {
public:
    virtual ~Protocol() = default;

    // Bytes from the peer, for work(). They may be changed in place, and stay until work() has given true.
    virtual void feed(char* bytes, std::size_t count) = 0;

    // Does all that can be done with what was fed. False: the connection was paused on the way; called again when it
    // goes on. Nothing is fed in between.
    virtual bool work() = 0;

    // The peer has sent its last byte.
    virtual void on_end() = 0;

    // At the end of a turn in which the connection was touched, before its output is sent.
    virtual void on_turn() {}

    // All output was sent: appends what was kept back until now.
    virtual void fill_output() {}

    // From time to time, for timeouts.
    virtual void on_sweep(Clock::time_point now) = 0;

    // The server is stopping.
    virtual void on_stopping() = 0;

    // The connection is gone; destroyed right after.
    virtual void on_closed() = 0;
};

}  // namespace limp::net
