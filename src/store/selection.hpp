// store/selection.hpp: reading, the part that is the same for every driver.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "limp/query.hpp"
#include "limp/value.hpp"

namespace limp::store {

// Of documents that match: sorted, without the first `skip`, `limit` of them at most (0: all).
std::vector<Document> select(
    std::vector<Document> matching, std::span<const SortKey> sort, std::int64_t skip, std::int64_t limit
);

// The texts one of which a match must have under that attr (itself or in a list), each once: what an `equal` or an `in`
// that every match must pass says. Nothing when the filter does not say.
std::optional<std::vector<std::string>> required_texts(const Filter& filter, std::string_view attr);

}  // namespace limp::store
