#include "query/compare.hpp"

#include <algorithm>
#include <cstdint>

namespace limp::query {

namespace {

std::partial_ordering compare(std::int64_t whole, double real) {
    constexpr double past_int64 = 9'223'372'036'854'775'808.0;  // 2^63
    if (real >= past_int64) return std::partial_ordering::less;
    if (real < -past_int64) return std::partial_ordering::greater;
    if (real != real) return std::partial_ordering::unordered;
    // The cast cuts towards zero, and what it cuts off is exact: a double with a fraction is below 2^53.
    const auto cut = static_cast<std::int64_t>(real);
    if (whole != cut) return whole <=> cut;
    return 0.0 <=> real - static_cast<double>(cut);
}

std::partial_ordering compare_numbers(const Value& left, const Value& right) {
    if (left.is_int() && right.is_int()) return left.integer() <=> right.integer();
    if (left.is_int()) return compare(left.integer(), right.real());
    if (right.is_int()) return 0 <=> compare(right.integer(), left.real());
    return left.real() <=> right.real();
}

}  // namespace

std::partial_ordering compare(const Value& left, const Value& right) {
    if (left.is_number() && right.is_number()) return compare_numbers(left, right);
    if (left.is_string() && right.is_string()) return left.string() <=> right.string();
    return std::partial_ordering::unordered;
}

bool is_same(const Value& left, const Value& right) {
    if (left.is_number() && right.is_number()) return compare_numbers(left, right) == 0;
    if (left.is_list() && right.is_list()) return std::ranges::equal(left.list(), right.list(), is_same);
    return left == right;
}

}  // namespace limp::query
