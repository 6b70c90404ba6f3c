// store/changes.hpp: what each change of a batch does, the same for every driver.
//
// A driver shows what it holds as a Transaction of plain steps; what an update, a deletion, a conflict or a revision
// means stands here alone, so that no two drivers can differ in it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "limp/store.hpp"
#include "query/matcher.hpp"
#include "store/collections.hpp"
#include "store/file_uses.hpp"
#include "store/unique.hpp"

namespace limp::store {

// A driver's steps within one batch. Each sees what the ones before it did; when the batch throws, the driver takes all
// of them back.
class Transaction {
public:
    virtual ~Transaction() = default;

    // The live documents that match (query/matcher.hpp), in any order.
    virtual std::vector<Document> matching(const Collection& collection, const Filter& filter) = 0;

    // The same of the soft-deleted ones.
    virtual std::vector<Document> matching_deleted(const Collection& collection, const Filter& filter) = 0;

    // The documents of all collections as they are now, for orders that go through references.
    virtual std::unique_ptr<query::Related> related() = 0;

    // Each live document, without having all of them in memory. `visit` may replace or refill the one it is given.
    virtual void for_each(const Collection& collection, const std::function<void(const Document&)>& visit) = 0;

    // Each document, the soft-deleted ones too. `visit` changes none.
    virtual void for_each_stored(const Collection& collection, const std::function<void(const Document&)>& visit) = 0;

    // False when the document's _id is taken, be it by a soft-deleted document.
    virtual bool insert(const Collection& collection, const Document& document) = 0;

    // `before`, `document`: what is stored.
    virtual void replace(const Collection& collection, const Document& before, const Document& after) = 0;
    virtual void remove(const Collection& collection, const Document& document) = 0;

    // The document of that id holds the key from now on; when another one holds it, nothing happens but that the other
    // one's id is given.
    virtual std::optional<std::string> take(
        const Collection& collection, const UniqueKey& key, const std::string& id
    ) = 0;
    virtual void release(const Collection& collection, const UniqueKey& key) = 0;
    virtual void release_all(const Collection& collection) = 0;

    // The next number under that name: 1, 2, 3, …
    virtual std::int64_t next_number(const std::string& counter) = 0;

    virtual void put_credential(const std::string& id, const std::string& text) = 0;
    virtual void remove_credential(const std::string& id) = 0;
    virtual void put_file(const std::string& id, const std::string& bytes) = 0;

    // So many documents more name the file (0: as many as before). When none does it goes. Nothing happens when there
    // is no such file.
    virtual void use_file(const std::string& id, std::int64_t more) = 0;

    // The names of all collections that were ever laid out, and how many live documents one of them has.
    virtual std::vector<std::string> collections() = 0;
    virtual std::int64_t count(const std::string& collection) = 0;

    // What was declared of the collection at the last upkeep (store/upkeep.hpp), if it was there.
    virtual std::optional<std::string> declaration(const Collection& collection) = 0;
    virtual void set_declaration(const Collection& collection, const std::string& text) = 0;

    // A new declaration, in three steps: room for the collection with the columns that it declares; the columns of each
    // live document, which is refilled unless it is replaced; then the indexes, as they are made faster at once than
    // document by document.
    virtual void lay_out(const Collection& collection) = 0;
    virtual void refill(const Collection& collection, const Document& document) = 0;
    virtual void make_indexes(const Collection& collection) = 0;

    // Counted along the way; settle_files() hands the sums to use_file().
    FileUses file_uses;
};

// Does the changes in order, and writes down in `log` what they did. Throws Conflict, NoMatch, EditMisfit
// and Unfit as limp/store.hpp has them, and what a check throws.
std::vector<Changed> apply(
    const Batch& batch, const Collections& collections, Transaction& transaction, std::vector<LoggedChange>& log
);

// Stores `after` in place of `before`, with the next revision, and writes it down. Unique keys are not looked at.
void replace(
    const Collection& collection, const Document& before, Document after, Transaction& transaction,
    std::vector<LoggedChange>& log
);

// At the end of a batch or an upkeep: the files learn how many documents name them now.
void settle_files(Transaction& transaction);

}  // namespace limp::store
