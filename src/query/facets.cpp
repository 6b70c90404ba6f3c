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

// Each bucket takes its share of what is left: one that had to take a value of many documents makes the next ones
// smaller, not fewer.
std::vector<Bucket> buckets_of(std::span<const std::pair<Value, std::int64_t>> counts, std::int64_t most) {
    std::int64_t left = 0;
    for (const auto& [value, count] : counts) left += count;
    const bool is_one_each = std::ssize(counts) <= most;
    std::vector<Bucket> buckets;
    bool is_open = false;
    for (const auto& [value, count] : counts) {
        if (!is_open) buckets.push_back({value, value, 0});
        Bucket& bucket = buckets.back();
        bucket.max = value;
        bucket.count += count;
        const std::int64_t buckets_left = most - std::ssize(buckets) + 1;
        is_open = !is_one_each && (buckets_left == 1 || bucket.count * buckets_left < left);
        if (!is_open) left -= bucket.count;
    }
    return buckets;
}

}  // namespace limp::query
