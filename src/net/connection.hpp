// net/connection.hpp: one TCP connection: reading, the output buffer, pausing, the way to its end.
//
// Output   As a Channel's; what a protocol has ready but keeps back is asked for when all of it was sent.
// Input    Is read into the worker's buffer. A protocol that stops in the middle of it keeps that buffer, unless it
//          gives it back, and nothing more is read until it is through.
// End      finish() reads to the peer's end, so that the kernel does not throw away with a reset what the peer has not
//          read yet.
// Threads  The worker's loop.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "net/admission.hpp"
#include "net/channel.hpp"
#include "net/descriptor.hpp"
#include "net/poller.hpp"
#include "net/protocol.hpp"
#include "net/tls_session.hpp"

namespace limp::net {

class Worker;
using ReadBuffer = std::unique_ptr<char[]>;

class Connection final : public Poller::Watcher, public Channel {
public:
    // `tls`: null when there is none. The worker outlives its connections.
    Connection(
        Worker& worker, Descriptor socket, Admission::Place place, std::string address, std::unique_ptr<TlsSession> tls
    );

    // What comes first is a proxy's header, which says whose connection it is. Before start().
    void expect_proxy_header() { proxy_header_.emplace(); }

    // The first protocol; from here on bytes are read. Throws std::system_error when the system has no room.
    void start(std::unique_ptr<Protocol> protocol);

    // A protocol calls these.
    // --------------------------------------------------------------------------------------------------------------

    // Another protocol goes on in this one's place, when its work() has returned; it was fed what is left.
    void become(std::unique_ptr<Protocol> next) { next_ = std::move(next); }

    void touch() override;
    void flush() override;

    // No work() and no reading: until resume(), or until nothing waits to be sent.
    void pause() override;
    void resume() override;
    void pause_until_flushed();
    bool is_paused() const override { return paused_ || choked_; }

    // For a protocol that stops in the middle of its work() and has used all that it was fed: the buffer goes back.
    void release_input();

    void finish() override;
    void cut() override;
    void cut_after(Clock::duration delay) override { cut_at_ = Clock::now() + delay; }
    bool is_over() const override { return is_cut() || finishing_; }

    // Requires: the connection was made with TLS. A peer that does not speak it is heard, and answered, without.
    TlsSession::State tls_state() const { return tls_state_; }
    bool chose_http2() const { return tls_->chose_http2(); }

    const std::string& address() const { return address_; }

    // The connection is one client's from here on, who may stand behind a proxy. False: that client has too many.
    bool count_for(const std::string& client) { return place_.count_for(client); }

    Clock::time_point heard_at() const override { return heard_at_; }
    Clock::time_point progress_at() const { return progress_at_; }  // the last bytes to or from the peer

    // The worker calls these.
    // --------------------------------------------------------------------------------------------------------------

    void settle();  // at the end of a turn in which it was touched
    void sweep(Clock::time_point now);
    void stop() { protocol_->on_stopping(); }
    void bury() { protocol_->on_closed(); }

    void on_ready(Readiness ready) override;

    bool is_touched = false;        // the worker's: it is in the list for the end of this turn
    std::size_t place_in_list = 0;  // the worker's, of connections

private:
    bool is_cut() const { return !socket_.is_open(); }
    bool wants_to_read() const;
    void read();
    std::size_t take_proxy_header(char* received, std::size_t count);
    std::size_t decrypt(char* buffer, std::size_t count);
    void work();
    void end_input();
    void take_output();
    void when_flushed();
    void update_interest();

    Worker& worker_;
    Descriptor socket_;
    Admission::Place place_;
    std::string address_;
    std::optional<std::string> proxy_header_;  // as much of it as has come, while it is expected
    std::unique_ptr<TlsSession> tls_;
    TlsSession::State tls_state_ = TlsSession::State::opening;
    std::unique_ptr<Protocol> protocol_;
    std::unique_ptr<Protocol> next_;

    ReadBuffer held_;                  // what was read, while the protocol is not through with it
    Interest interest_{.read = true};  // as the poller knows it
    bool is_at_work_ = false;          // the protocol has not come through yet
    bool paused_ = false;
    bool choked_ = false;
    bool input_ended_ = false;
    bool finishing_ = false;
    bool shut_down_ = false;
    Clock::time_point heard_at_ = Clock::now();
    Clock::time_point progress_at_ = heard_at_;
    std::optional<Clock::time_point> cut_at_;
};

}  // namespace limp::net
