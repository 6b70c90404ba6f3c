// engine/lane.hpp: the order of the calls of one connection (docs/protocol.md, "Order").
//
// Writes keep their order; a read starts when the writes before it are done; a barrier waits for everything before it,
// and everything behind it waits for the barrier. Otherwise calls overlap.
#pragma once

#include <cstddef>
#include <functional>
#include <list>

#include "limp/module.hpp"

namespace limp::engine {

class Lane {
public:
    using Order = Method::Order;

    // Starts the call now or when its turn has come. `start` may call finished() before it returns.
    void add(Order order, std::function<void()> start);

    // A call of that order, started before, is done.
    void finished(Order order);

    // Calls added and not finished.
    std::size_t unfinished() const { return waiting_.size() + reading_ + (is_writing_ ? 1 : 0); }

private:
    struct Entry {
        Order order;
        std::function<void()> start;
    };
    bool may_start(Order order) const;
    void begin(Order order);
    void start_ready();

    std::list<Entry> waiting_;  // takes no memory while it is empty, as most are, of which there is one a connection
    std::size_t reading_ = 0;
    bool is_writing_ = false;   // a write or a barrier
    bool is_starting_ = false;  // start_ready is at work further up the stack
};

}  // namespace limp::engine
