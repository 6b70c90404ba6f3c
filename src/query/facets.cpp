// LIMP's $group: how matches spread over the values of an attr.
#include <algorithm>

#include "query/compare.hpp"
#include "query/matcher.hpp"

namespace limp::query {

namespace {

bool has_order(const Value& value) {
    return value.is_bool() || value.is_number() || value.is_string();
}

void add_once(std::vector<Value>& values, const Value& value) {
    const auto is_equal = [&](const Value& one) { return is_same(one, value); };
    if (has_order(value) && std::ranges::none_of(values, is_equal)) values.push_back(value);
}

}  // namespace

std::vector<Value> facet_values(const AttrPath& path, const Document& document) {
    const Value* at = document.find(path.front());
    for (std::size_t depth = 1; at && depth < path.size(); ++depth) at = at->find(path[depth]);
    std::vector<Value> values;
    if (!at) return values;
    if (at->is_list())
        for (const Value& element : at->list()) add_once(values, element);
    else
        add_once(values, *at);
    return values;
}

// Each bucket takes its share of what is left, or the next smaller or larger count when that is nearer: one that has to
// take a value of many documents makes the others smaller, not fewer.
std::vector<Bucket> buckets_of(std::span<const std::pair<Value, std::int64_t>> counts, std::int64_t most) {
    std::int64_t left = 0;  // in the last bucket and behind it
    for (const auto& [value, count] : counts) left += count;
    const bool is_one_each = std::ssize(counts) <= most;
    std::vector<Bucket> buckets;
    const auto is_full = [&](std::int64_t count) {
        if (buckets.empty() || is_one_each) return true;
        const std::int64_t buckets_left = most - std::ssize(buckets) + 1;
        const std::int64_t missing = left - buckets.back().count * buckets_left;  // of its share, times buckets_left
        const std::int64_t too_many = count * buckets_left - missing;
        return buckets_left > 1 && (missing <= 0 || too_many > missing);
    };
    for (const auto& [value, count] : counts) {
        if (is_full(count)) {
            if (!buckets.empty()) left -= buckets.back().count;
            buckets.push_back({value, value, 0});
        }
        buckets.back().max = value;
        buckets.back().count += count;
    }
    return buckets;
}

}  // namespace limp::query
