// net/channel.hpp: what a WebSocket is spoken through: a connection, or one stream of an HTTP/2 connection.
//
// Output   Is appended to output() and sent at the end of the loop's turn, with all that came meanwhile.
// End      finish() sends what waits, then ends its side and reads to the peer's end; cut() is at once. Either way the
//          object lives on to the end of the turn, so whoever is on the stack may call them.
// Threads  The worker's loop.
#pragma once

#include <cstddef>
#include <string>

#include "net/protocol.hpp"

namespace limp::net {

class Channel {
public:
    Channel() = default;
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    // Whole messages are appended here, followed by touch().
    std::string& output() { return output_; }
    virtual void touch() = 0;

    // Sends what the peer takes without waiting for the end of the turn.
    virtual void flush() = 0;
    std::size_t waiting_bytes() const { return sending_.size() - sent_ + output_.size(); }

    // Forgets what waits, but for what was begun to be sent, which ends with a whole message.
    void drop_output() { output_.clear(); }

    // No work() and no more to read: until resume().
    virtual void pause() = 0;
    virtual void resume() = 0;
    virtual bool is_paused() const = 0;

    virtual void finish() = 0;
    virtual void cut() = 0;
    virtual void cut_after(Clock::duration delay) = 0;
    virtual bool is_over() const = 0;  // what a protocol does now has no effect

    virtual Clock::time_point heard_at() const = 0;  // the last bytes from the peer

protected:
    ~Channel() = default;

    // Moves on to what was appended since; requires that all of `sending_` was sent.
    void send_next() {
        sending_.clear();
        sent_ = 0;
        std::swap(sending_, output_);
    }

    void release_if_large() {
        release_if_large(output_);
        release_if_large(sending_);
    }

    std::string output_;   // appended in this turn
    std::string sending_;  // begun to be sent: up to sent_
    std::size_t sent_ = 0;

private:
    static constexpr std::size_t kept_capacity = 16 * 1024;  // of an output buffer that is empty

    static void release_if_large(std::string& buffer) {
        if (buffer.capacity() > kept_capacity) std::string().swap(buffer);
    }
};

}  // namespace limp::net
