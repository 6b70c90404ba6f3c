// net/connection.hpp: one TCP connection: reading, the output buffer, pausing, the way to its end.
//
// Output   Is appended to output() and sent once at the end of the loop's turn, with all that came meanwhile.
// Input    Is read into the worker's buffer. A protocol that stops in the middle of it keeps that buffer, unless it
//          gives it back, and nothing more is read until it is through.
// End      finish() sends what waits, then shuts down and reads to the peer's end, so that the kernel does not throw
//          away with a reset what the peer has not read yet; cut() is at once. Either way the object lives on to the
//          end of the turn, so whoever is on the stack may call them.
// Threads  The worker's loop.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "net/admission.hpp"
#include "net/descriptor.hpp"
#include "net/poller.hpp"
#include "net/protocol.hpp"

namespace limp::net {

class Worker;
using ReadBuffer = std::unique_ptr<char[]>;

class Connection final : public Poller::Watcher {
public:
    // The worker outlives its connections.
    Connection(Worker& worker, Descriptor socket, Admission::Place place, std::string address);

    // The first protocol; from here on bytes are read. Throws std::system_error when the system has no room.
    void start(std::unique_ptr<Protocol> protocol);

    // A protocol calls these.
    // --------------------------------------------------------------------------------------------------------------

    // Another protocol goes on in this one's place, when its work() has returned; it was fed what is left.
    void become(std::unique_ptr<Protocol> next) { next_ = std::move(next); }

    // Whole messages are appended here, followed by touch().
    std::string& output() { return output_; }
    void touch();

    // Sends what the peer takes without waiting for the end of the turn.
    void flush();
    std::size_t waiting_bytes() const { return sending_.size() - sent_ + output_.size(); }

    // Forgets what waits, but for what was begun to be sent, which ends with a whole message.
    void drop_output() { output_.clear(); }

    // No work() and no reading: until resume(), or until nothing waits to be sent.
    void pause();
    void resume();
    void pause_until_flushed();
    bool is_paused() const { return paused_ || choked_; }

    // For a protocol that stops in the middle of its work() and has used all that it was fed: the buffer goes back.
    void release_input();

    void finish();
    void cut();
    void cut_after(Clock::duration delay) { cut_at_ = Clock::now() + delay; }
    bool is_over() const { return is_cut() || finishing_; }  // what a protocol does now has no effect

    const std::string& address() const { return address_; }
    Clock::time_point heard_at() const { return heard_at_; }        // the last bytes from the peer
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
    void work();
    void end_input();
    void when_flushed();
    void update_interest();

    Worker& worker_;
    Descriptor socket_;
    Admission::Place place_;
    std::string address_;
    std::unique_ptr<Protocol> protocol_;
    std::unique_ptr<Protocol> next_;

    ReadBuffer held_;      // what was read, while the protocol is not through with it
    std::string output_;   // appended in this turn
    std::string sending_;  // begun to be sent: up to sent_
    std::size_t sent_ = 0;

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
