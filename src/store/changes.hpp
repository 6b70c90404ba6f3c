// store/changes.hpp: what each change of a batch does, the same for every driver.
//
// A driver shows what it holds as a Transaction of plain steps; what an update, a deletion, a conflict or a revision
// means stands here alone, so that no two drivers can differ in it.
#pragma once

#include <string>
#include <vector>

#include "limp/store.hpp"
#include "store/collections.hpp"
#include "store/unique.hpp"

namespace limp::store {

// A driver's steps within one batch. Each sees what the ones before it did; when the batch throws, the driver takes all
// of them back.
class Transaction {
public:
    virtual ~Transaction() = default;

    // The live documents that match (query/matcher.hpp), in any order.
    virtual std::vector<Document> matching(const Collection& collection, const Filter& filter) = 0;

    // False when the document's _id is taken, be it by a soft-deleted document.
    virtual bool insert(const Collection& collection, const Document& document) = 0;
    virtual void replace(const Collection& collection, const Document& document) = 0;
    virtual void remove(const Collection& collection, const std::string& id) = 0;

    // The document of that id holds the key from now on; false when another one holds it.
    virtual bool take(const Collection& collection, const UniqueKey& key, const std::string& id) = 0;
    virtual void release(const Collection& collection, const UniqueKey& key) = 0;
    virtual void release_all(const Collection& collection) = 0;

    virtual void put_credential(const std::string& id, const std::string& text) = 0;
    virtual void remove_credential(const std::string& id) = 0;
    virtual void put_file(const std::string& id, const std::string& bytes) = 0;
};

// Does the changes in order. Throws Conflict and NoMatch as limp/store.hpp has them.
std::vector<Changed> apply(const Batch& batch, const Collections& collections, Transaction& transaction);

// Gives the stored documents their unique keys anew, after the declaration has changed. Throws Conflict when two of
// them share one.
void rebuild_unique(const Collection& collection, Transaction& transaction);

}  // namespace limp::store
