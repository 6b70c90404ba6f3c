// store/selection.hpp: reading, the part that is the same for every driver.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "limp/query.hpp"
#include "limp/value.hpp"

namespace limp::store {

// Takes documents that match, one after the other in any order, and keeps no more of them than will be asked for.
class Selection {
public:
    // Sorted, without the first `skip`, `limit` of them at most (0: all). What `sort` views outlives it.
    Selection(std::span<const SortKey> sort, std::int64_t skip, std::int64_t limit);

    void add(Document document);

    // How many were added.
    std::int64_t total() const { return total_; }

    // What is left. The last call.
    std::vector<Document> take();

private:
    std::span<const SortKey> sort_;
    std::size_t skip_;
    std::size_t kept_max_;
    std::int64_t total_ = 0;
    std::vector<Document> kept_;  // once full: a heap, the one that comes last on top
};

// The same of documents that are there already.
std::vector<Document> select(
    std::vector<Document> matching, std::span<const SortKey> sort, std::int64_t skip, std::int64_t limit
);

// The texts one of which a match must have under that attr (itself or in a list), each once: what an `equal` or an `in`
// that every match must pass says. Nothing when the filter does not say.
std::optional<std::vector<std::string>> required_texts(const Filter& filter, std::string_view attr);

}  // namespace limp::store
