// net/listener.hpp: accepts connections on one loop.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/loop.hpp"
#include "net/descriptor.hpp"
#include "net/poller.hpp"

namespace limp::net {

class Listener final : public Poller::Watcher, public std::enable_shared_from_this<Listener> {
public:
    // A new connection, non-blocking, and its peer's address.
    using Accepted = std::function<void(Descriptor socket, std::string address)>;

    Listener(base::Loop& loop, Poller& poller, Descriptor socket, Accepted accepted);

    void start();
    void stop();

    void on_ready(Readiness ready) override;

private:
    void rest();

    base::Loop& loop_;
    Poller& poller_;
    Descriptor socket_;
    Accepted accepted_;
};

}  // namespace limp::net
