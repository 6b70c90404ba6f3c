#include "store/sqlite_counts.hpp"

#include "base/json.hpp"

namespace limp::store {

std::int64_t Counts::number(const std::string& sql, std::span<const Value> values) {
    // Another one as soon as another connection, or another process, has committed a change that is seen here.
    const std::int64_t version = database_.number("PRAGMA data_version");
    if (version != version_ || kept_.size() >= kept_max) kept_.clear();
    version_ = version;

    std::string asked = sql;
    for (const Value& value : values) asked += '\n' + base::to_json(value);
    if (const auto known = kept_.find(asked); known != kept_.end()) return known->second;

    Statement count = database_.select(sql, values);
    count.next();
    return kept_.emplace(std::move(asked), count.integer(0)).first->second;
}

}  // namespace limp::store
