// net/poller.hpp: tells the sockets of one loop when they are ready.
//
// An epoll set of its own inside the loop's: the loop wakes once for all sockets that are ready, instead of one
// operation a socket (docs/decisions has the measurements). Level-triggered: what was not read is announced again.
//
// Threads  The loop's, except where said otherwise.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <memory>
#include <span>

#include "base/loop.hpp"

struct epoll_event;

namespace limp::net {

struct Interest {
    bool read = false;
    bool write = false;
    bool operator==(const Interest&) const = default;
};

struct Readiness {
    bool read = false;
    bool write = false;
    bool broken = false;  // an error, or closed on both sides; announced without interest, too
};

class Poller : public std::enable_shared_from_this<Poller> {
public:
    class Watcher {
    public:
        virtual void on_ready(Readiness ready) = 0;

    protected:
        ~Watcher() = default;
    };

    explicit Poller(base::Loop& loop);  // any thread

    void start();
    void stop();

    // Throws std::system_error when the system has no room for another.
    void watch(int descriptor, Watcher& watcher, Interest interest);
    void change(int descriptor, Watcher& watcher, Interest interest);

    // From here on the watcher hears nothing, not even what the system has announced already. Call before closing.
    void forget(int descriptor, const Watcher& watcher);

private:
    void wait();
    void dispatch();

    boost::asio::posix::stream_descriptor set_;
    std::span<epoll_event> pending_;  // of the batch that is being told: not told yet
};

}  // namespace limp::net
