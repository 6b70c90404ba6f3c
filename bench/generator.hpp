// bench/generator.hpp: the load. A closed loop on one thread: each connection has so many messages in flight, and every
// answer that comes is followed by the next message.
//
// It is cheaper than any server: messages are framed beforehand, sending is a writev of pointers to them, receiving one
// read into a shared buffer, and the clock is read once for each read. Every answer is checked all the same.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include <sys/types.h>

#include "bench/histogram.hpp"
#include "bench/messages.hpp"
#include "bench/upgraded.hpp"

namespace limp::bench {

struct Load {
    std::size_t depth = 1;  // messages in flight on each connection
    std::chrono::nanoseconds warmup{};
    std::chrono::nanoseconds window{};
    Over over = Over::http1;
    bool once = false;  // no message is sent twice; when all are used up the window ends
    pid_t server = 0;
};

struct Measured {
    std::uint64_t answers = 0;  // within the window, as everything here
    std::chrono::nanoseconds window{};
    std::int64_t server_ns = 0;  // of the server's CPU
    std::int64_t own_ns = 0;     // of ours
    std::int64_t stolen_ns = 0;  // in which we were at work, and did not get on
    Histogram latency;           // of the nth answer behind the nth message, whatever their order
};

// Takes over the sockets: upgraded, nothing in flight. Throws when an answer is wrong, missing, or one too many.
Measured generate(const std::vector<int>& sockets, const Messages& messages, const Load& load);

}  // namespace limp::bench
