// store/facet_counts.hpp: how often each value of a facet was met.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "limp/query.hpp"
#include "limp/value.hpp"

namespace limp::store {

class FacetCounts {
public:
    // It outlives this.
    explicit FacetCounts(const Facet& facet) : facet_(facet) {}

    // A document that the facet counts.
    void add(const Document& document);

    // So many of them that have this value.
    void add(const Value& value, std::int64_t count) { counts_[value] += count; }

    std::vector<Bucket> buckets() const;

private:
    struct ComesBefore {
        bool operator()(const Value& left, const Value& right) const;
    };

    const Facet& facet_;
    std::map<Value, std::int64_t, ComesBefore> counts_;
};

}  // namespace limp::store
