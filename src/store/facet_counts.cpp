#include "store/facet_counts.hpp"

#include <utility>

#include "query/matcher.hpp"

namespace limp::store {

// As an ascending order has them, so that numbers are one by what they are worth.
bool FacetCounts::ComesBefore::operator()(const Value& left, const Value& right) const {
    static const std::vector<SortKey> ascending(1);
    const std::vector<Value> left_place = {left, nullptr};
    const std::vector<Value> right_place = {right, nullptr};
    return query::comes_before(ascending, left_place, right_place);
}

void FacetCounts::add(const Document& document) {
    for (const Value& value : query::facet_values(facet_.path, document)) add(value, 1);
}

std::vector<Bucket> FacetCounts::buckets() const {
    const std::vector<std::pair<Value, std::int64_t>> counts(counts_.begin(), counts_.end());
    return query::buckets_of(counts, facet_.buckets);
}

}  // namespace limp::store
