// bench/histogram.hpp: how long things took, in 64 steps for each power of two: no value is off by more than 1.6 %.
#pragma once

#include <cstdint>
#include <vector>

namespace limp::bench {

class Histogram {
public:
    void add(std::int64_t nanoseconds);

    // What that share of the values does not exceed, in µs; 0 when there are none.
    double quantile_us(double share) const;

private:
    std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(64 * 64);
    std::uint64_t total_ = 0;
};

}  // namespace limp::bench
