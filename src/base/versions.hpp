// base/versions.hpp: has something changed since somebody looked?
//
// A fixed array of counters, hashed by key. Whoever changes a thing bumps its counter before the change is answered;
// whoever keeps something made from things remembers the sum of their counters from *before* reading them, and it is
// good for as long as the sum is the same. Two keys may share a counter: that costs a needless look, never a stale one.
//
// Cost     One atomic load a key. Threads: any; no locks, no messages.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace limp::base {

class Versions {
public:
    explicit Versions(std::size_t counters) : counters_(counters) {}

    void bump(std::string_view key) { counter(key).fetch_add(1); }

    std::uint64_t of(std::string_view key) const { return counter(key).load(); }

    std::uint64_t sum(std::span<const std::string> keys) const {
        std::uint64_t total = 0;
        for (const std::string& key : keys) total += of(key);
        return total;
    }

private:
    std::atomic<std::uint64_t>& counter(std::string_view key) { return counters_[slot(key)]; }
    const std::atomic<std::uint64_t>& counter(std::string_view key) const { return counters_[slot(key)]; }
    std::size_t slot(std::string_view key) const { return std::hash<std::string_view>{}(key) % counters_.size(); }

    std::vector<std::atomic<std::uint64_t>> counters_;
};

}  // namespace limp::base
