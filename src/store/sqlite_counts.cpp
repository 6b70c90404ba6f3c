#include "store/sqlite_counts.hpp"

#include <utility>

#include "base/json.hpp"

namespace limp::store {

std::int64_t Counts::number(const Moment& moment, const std::string& sql, std::span<const Value> values) {
    std::string asked = sql;
    for (const Value& value : values) asked += '\n' + base::to_json(value);
    if (const std::optional<std::int64_t> count = known(moment, asked)) return *count;

    Statement rows = moment.source.database.select(sql, values);
    rows.next();
    const std::int64_t count = rows.integer(0);
    keep(moment, std::move(asked), count);
    return count;
}

std::optional<std::int64_t> Counts::known(const Moment& moment, const std::string& asked) {
    const std::lock_guard lock(mutex_);
    if (!is_at(moment)) return std::nullopt;
    const auto found = kept_.find(asked);
    return found == kept_.end() ? std::nullopt : std::optional(found->second);
}

void Counts::keep(const Moment& moment, std::string asked, std::int64_t count) {
    const std::lock_guard lock(mutex_);
    if (!is_at(moment) || kept_.size() >= kept_max) kept_.clear();
    batch_ = moment.batch;
    layout_ = moment.source.layout;
    kept_.emplace(std::move(asked), count);
}

}  // namespace limp::store
