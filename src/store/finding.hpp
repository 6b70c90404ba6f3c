// store/finding.hpp: what a query finds, document by document, for what a driver cannot say itself.
#pragma once

#include <optional>

#include "limp/query.hpp"
#include "query/matcher.hpp"

namespace limp::store {

class Finding {
public:
    // The documents that pass `filter` (the query's or a facet's) and have the words and the place that the query asks
    // for. All outlive it.
    Finding(const Filter& filter, const Query& query, const query::Related& related)
        : matcher_(std::in_place, filter, related), query_(query) {}

    // The same for documents that are known to pass the filter.
    explicit Finding(const Query& query) : query_(query) {}

    bool finds(const Document& document) const;

private:
    bool is_near(const Document& document) const;

    std::optional<query::Matcher> matcher_;
    const Query& query_;
};

}  // namespace limp::store
