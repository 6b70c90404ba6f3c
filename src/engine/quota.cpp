#include "engine/quota.hpp"

#include <algorithm>

namespace limp::engine {

bool Quota::take(std::string_view key, std::int64_t count, std::int64_t now_ms) {
    std::lock_guard lock(mutex_);
    if (buckets_.size() >= drop_at_) drop_full(now_ms);
    auto [place, is_new] = buckets_.try_emplace(std::string(key), Bucket{static_cast<double>(per_minute_), now_ms});
    Bucket& bucket = place->second;
    bucket = {refilled(bucket, now_ms), std::max(bucket.at_ms, now_ms)};
    if (bucket.level < static_cast<double>(count)) return false;
    bucket.level -= static_cast<double>(count);
    return true;
}

double Quota::refilled(const Bucket& bucket, std::int64_t now_ms) const {
    const double whole = static_cast<double>(per_minute_);
    const double passed_ms = static_cast<double>(std::max<std::int64_t>(0, now_ms - bucket.at_ms));
    return std::min(whole, bucket.level + whole * passed_ms / 60'000.0);
}

// Looking at all of them each time would be quadratic under a flood of keys: the next look is at twice what was left.
void Quota::drop_full(std::int64_t now_ms) {
    std::erase_if(buckets_, [&](const auto& entry) {
        return refilled(entry.second, now_ms) >= static_cast<double>(per_minute_);
    });
    drop_at_ = std::max<std::size_t>(10'000, buckets_.size() * 2);
}

}  // namespace limp::engine
