// engine/quota.hpp: how many calls an address or a session may make.
//
// A bucket a key, refilled evenly, holding a minute's worth at most. Keys come from the connection (peer address,
// session id), never from anything in a call's body. A call costs one, a batch of n costs n.
//
// Memory   Bounded: full buckets are as good as none and are dropped when many keys are kept.
// Threads  Any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace limp::engine {

class Quota {
public:
    explicit Quota(std::int64_t per_minute) : per_minute_(per_minute) {}

    // Takes that many from the key's bucket; false, and nothing taken, when it does not hold as many.
    bool take(std::string_view key, std::int64_t count, std::int64_t now_ms);

private:
    struct Bucket {
        double level;
        std::int64_t at_ms;
    };
    double refilled(const Bucket& bucket, std::int64_t now_ms) const;
    void drop_full(std::int64_t now_ms);

    const std::int64_t per_minute_;
    std::mutex mutex_;
    std::unordered_map<std::string, Bucket> buckets_;
    std::size_t drop_at_ = 10'000;
};

}  // namespace limp::engine
