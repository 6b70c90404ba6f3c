// limp/store.hpp: where documents live.
//
// The engine is the only caller; the drivers in src/store are the only implementors; tests/stores says what each must
// do. Packages reach documents through limp::Host, which checks types and permissions first.
//
// Shapes   A collection is a name and the attrs that must be unique in it. A stored document has "_id" (24 hex digits),
//          "_rev" (int, 1 at creation, one more at each change) and its attrs; "__deleted": true when soft-deleted.
// Units    skip, limit: documents.
// Errors   Conflict when a unique attr is taken or a revision has moved on; StoreUnavailable when the store cannot
//          answer now. Anything else thrown is a fault.
// Threads  Call from any loop; the driver works on threads of its own and resumes the caller on the caller's loop.
// Writes   A Batch is all or nothing, and durable (as the driver defines it) before write() gives its result.
// Source   docs/decisions/0003-store.md.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "limp/query.hpp"
#include "limp/task.hpp"
#include "limp/value.hpp"

namespace limp {

struct Collection {
    std::string name;
    // Each inner list is a combination of attrs whose values no two live documents may share. Documents in which one
    // of them is missing or null do not collide, nor do soft-deleted ones.
    std::vector<std::vector<std::string>> unique;
    // Unique attrs among these compare case-folded (e-mail addresses, user names).
    std::vector<std::string> folded;
};

struct Found {
    std::vector<Document> docs;
    std::int64_t total = 0;  // matches before skip and limit
};

// One change inside a batch.
struct Change {
    enum class Kind {
        create,       // documents[0] is stored; it has its _id already
        update,       // each match of filter gets `set`; a null in `set` removes the attr
        soft_delete,  // each match of filter gets "__deleted": true
        hard_delete,  // each match of filter is removed
        credential,   // `text` becomes the credential of the document `id`; empty removes it
        file,         // `text` becomes the bytes of the file `id`
    };

    Kind kind = Kind::create;
    std::string collection;
    Document document;          // create
    Filter filter;              // update, soft_delete, hard_delete
    std::vector<SortKey> sort;  // update, *_delete with a limit: which matches come first
    std::int64_t skip = 0;
    std::int64_t limit = 0;           // 0: all matches
    Document set;                     // update
    std::optional<std::int64_t> rev;  // update: each match must have this _rev, else Conflict
    std::string id;                   // credential, file
    std::string text;                 // credential, file
    bool must_match = false;          // update, *_delete: no match fails the whole batch with NoMatch
};

struct Batch {
    std::vector<Change> changes;
};

// What a change did.
struct Changed {
    std::vector<std::string> matched;  // ids
    std::int64_t modified = 0;         // documents whose content really changed
};

// A unique attr is taken, or a revision has moved on. Nothing of the batch was stored.
class Conflict : public std::runtime_error {
public:
    enum class Kind { duplicate, revision };
    Conflict(Kind kind, std::string collection, std::vector<std::string> attrs)
        : std::runtime_error("conflict in " + collection),
          kind(kind),
          collection(std::move(collection)),
          attrs(std::move(attrs)) {}

    Kind kind;
    std::string collection;
    std::vector<std::string> attrs;  // duplicate: the combination that is taken
};

// A change with must_match found no document. Nothing of the batch was stored.
class NoMatch : public std::runtime_error {
public:
    NoMatch() : std::runtime_error("no document matches") {}
};

// The store cannot answer at the moment (disk full, locked, gone). The message is for the log.
class StoreUnavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Store {
public:
    virtual ~Store() = default;

    // Makes sure that the collection exists with its unique constraints. Call before the first read or write of it,
    // from one thread. Throws Conflict when stored documents already break a constraint.
    virtual void ensure(const Collection& collection) = 0;

    // The documents that match, sorted, skipped and limited; soft-deleted ones never match.
    virtual Task<Found> read(std::string collection, Query query) = 0;

    // One Changed for each change of the batch, in order.
    virtual Task<std::vector<Changed>> write(Batch batch) = 0;

    // The credential stored for that document, if any.
    virtual Task<std::optional<std::string>> credential(std::string id) = 0;

    // The bytes of that file, if any.
    virtual Task<std::optional<std::string>> file(std::string id) = 0;

    // For the start-up log: "SQLite, data/limp.db" or "memory".
    virtual std::string description() const = 0;
};

}  // namespace limp
