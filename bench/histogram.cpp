#include "bench/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

namespace limp::bench {

namespace {

constexpr std::uint64_t steps = 64;
constexpr std::size_t step_bits = 6;

// Values below 64 have a place each; above, the highest bit and the six after it say which.
std::size_t place_of(std::uint64_t value) {
    if (value < steps) return value;
    const auto shift = static_cast<std::size_t>(std::bit_width(value)) - step_bits - 1;
    return (shift + 1) * steps + (value >> shift) - steps;
}

// The first value past those of that place.
std::uint64_t end_of(std::size_t place) {
    if (place < steps) return place + 1;
    const auto shift = place / steps - 1;
    return (place % steps + steps + 1) << shift;
}

}  // namespace

void Histogram::add(std::int64_t nanoseconds) {
    ++counts_[place_of(static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0)))];
    ++total_;
}

double Histogram::quantile_us(double share) const {
    if (total_ == 0) return 0;
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total_)));
    std::uint64_t seen = 0;
    std::size_t place = 0;
    while ((seen += counts_[place]) < wanted) ++place;
    return static_cast<double>(end_of(place)) / 1000;
}

}  // namespace limp::bench
