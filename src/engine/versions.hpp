// engine/versions.hpp: has a document changed since somebody looked?
//
// A fixed array of counters, hashed by id. Whoever changes a document bumps its counter before the change is answered;
// whoever keeps something made from documents remembers the sum of their counters from *before* reading them, and it
// is good for as long as the sum is the same. Two ids may share a counter: that costs a needless look, never a stale
// one.
//
// Cost     One atomic load an id. Threads: any; no locks, no messages.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace limp::engine {

class Versions {
public:
    void bump(std::string_view id) { counter(id).fetch_add(1); }

    std::uint64_t sum(std::span<const std::string> ids) const {
        std::uint64_t total = 0;
        for (const std::string& id : ids) total += counter(id).load();
        return total;
    }

private:
    std::atomic<std::uint64_t>& counter(std::string_view id) { return counters_[slot(id)]; }
    const std::atomic<std::uint64_t>& counter(std::string_view id) const { return counters_[slot(id)]; }
    std::size_t slot(std::string_view id) const { return std::hash<std::string_view>{}(id) % counters_.size(); }

    std::array<std::atomic<std::uint64_t>, 4096> counters_{};
};

}  // namespace limp::engine
