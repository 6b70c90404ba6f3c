// store/sqlite_related.hpp: documents of other collections, for what SQL leaves to the matcher.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "query/matcher.hpp"
#include "store/sqlite_tables.hpp"

namespace limp::store {

// Keeps some of what it has read: for one read, or one change of a batch.
class SqliteRelated final : public query::Related {
public:
    // What `source` refers to outlives it.
    explicit SqliteRelated(const Source& source) : source_(source) {}

    std::shared_ptr<const Document> find(const std::string& collection, const std::string& id) const override;

private:
    std::shared_ptr<const Document> read(const std::string& collection, const std::string& id) const;

    const Source source_;
    mutable std::map<std::pair<std::string, std::string>, std::shared_ptr<const Document>> kept_;
};

}  // namespace limp::store
