// store/collections.hpp: the collections that prepare() has seen.
//
// Threads  Any. A collection that was looked up stays valid when prepare() replaces it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "limp/store.hpp"

namespace limp::store {

using CollectionPtr = std::shared_ptr<const Collection>;

// Throws std::invalid_argument unless its name is [a-z0-9_]+ (names become tables, keys and files), its columns are of
// one attr each, its indexes of columns (or "_id"), with lists standing alone, and no attr is searched or a point
// twice.
void check(const Collection& collection);

class Collections {
public:
    void set(const Collection& collection);

    // Throws std::logic_error when nobody has prepared it: a fault of the caller.
    CollectionPtr get(const std::string& name) const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, CollectionPtr> known_;
};

}  // namespace limp::store
