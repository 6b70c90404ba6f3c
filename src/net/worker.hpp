// net/worker.hpp: what one loop of a server owns: its listener, its connections, the end of each turn.
//
// Turn     A connection that has something to send or to go on with is touched. What was touched is settled together
//          by one function that is posted to the loop, behind all that is ready now: so every answer that becomes
//          ready in a turn leaves in one write a connection.
// Threads  The loop's, except where said otherwise.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/loop.hpp"
#include "net/admission.hpp"
#include "net/connection.hpp"
#include "net/descriptor.hpp"
#include "net/listener.hpp"
#include "net/poller.hpp"
#include "net/server.hpp"
#include "net/tls_context.hpp"

namespace limp::net {

class Worker : public std::enable_shared_from_this<Worker> {
public:
    static constexpr std::size_t buffer_bytes = 256 * 1024;  // what is read at once

    // Any thread. The references outlive it.
    Worker(
        const Options& options, Doorkeeper& doorkeeper, Admission& admission, base::Loop& loop, Descriptor listening
    );
    ~Worker();

    void start();

    // As Server::use_tls.
    void use_tls(std::shared_ptr<const TlsContext> tls) { tls_ = std::move(tls); }

    // As Server::stop. `done` runs later, on this loop.
    void stop(std::chrono::milliseconds grace, std::function<void()> done);
    bool is_stopping() const { return stopping_; }

    const Options& options() const { return options_; }
    Doorkeeper& doorkeeper() { return doorkeeper_; }
    base::Loop& loop() { return loop_; }
    Poller& poller() { return *poller_; }

    // The place of a WebSocket among the connections, when it has none of its own; nothing when there are too many.
    std::optional<Admission::Place> admit_socket(const std::string& address) { return admission_.enter(address); }

    // For connections.
    void touch(Connection& connection);
    void bury(Connection& connection);  // at the end of the turn
    ReadBuffer take_buffer();
    void give_back(ReadBuffer buffer);

private:
    void admit(Descriptor socket, std::string address);
    void refuse_stranger(const std::string& address);
    std::unique_ptr<Protocol> first_protocol(Connection& connection);
    void post_turn();
    void end_turn();
    void remove(Connection& connection);
    void schedule_sweep();
    void sweep();
    void cut_all();

    const Options& options_;
    Doorkeeper& doorkeeper_;
    Admission& admission_;
    base::Loop& loop_;
    std::shared_ptr<const TlsContext> tls_;  // null: connections are plain
    std::shared_ptr<Poller> poller_;
    std::shared_ptr<Listener> listener_;

    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<Connection*> touched_;
    std::vector<Connection*> settling_;  // those touched in the turn that is ending; kept for its memory
    std::vector<Connection*> buried_;
    bool turn_is_posted_ = false;
    ReadBuffer spare_;

    bool has_refused_stranger_ = false;
    bool stopping_ = false;
    std::function<void()> done_;
};

}  // namespace limp::net
