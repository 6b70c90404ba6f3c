// limp/store.hpp: where documents live.
//
// The engine is the only caller; the drivers in src/store are the only implementors; tests/stores says what each must
// do. Packages reach documents through limp::Host, which checks types and permissions first.
//
// Shapes   A collection is a name and the attrs that must be unique in it. A stored document has "_id" (24 hex digits),
//          "_rev" (int, 1 at creation, one more at each change) and its attrs; "__deleted": true when soft-deleted.
// Units    skip, limit: documents.
// Errors   Conflict when a unique attr is taken or a revision has moved on, EditMisfit when an update cannot be done,
//          Unfit when a document cannot be brought to its declaration, what Change::check throws; StoreUnavailable
//          when the store cannot answer now. Anything else thrown is a fault.
// Threads  Call from any loop; the driver works on threads of its own and resumes the caller on the caller's loop.
// Writes   A Batch is all or nothing, and durable (as the driver defines it) before write() gives its result.
// Numbers  Every batch that changed something has the next number and stands in the change log under it, in the same
//          transaction. What was kept about documents is brought up to date by listening to these batches.
// Source   docs/decisions/0003-store.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "limp/bytes.hpp"
#include "limp/doc_text.hpp"
#include "limp/query.hpp"
#include "limp/task.hpp"
#include "limp/value.hpp"

namespace limp {

// What a declaration makes of one stored document (Collection::revise).
struct Revision {
    Document document;               // as the declaration asks for it
    std::vector<std::string> notes;  // what was done or noticed, in the same words for the same thing: they are counted
    std::string misfit;              // not empty: the document cannot be brought there, and why
};

struct Collection {
    // An attr whose values are kept where a driver finds and orders documents by them.
    struct Column {
        enum class Holds { text, integer, number, boolean };  // number: integer or real
        std::string attr;
        Holds holds = Holds::text;
        bool is_list = false;  // the attr is a list of such values

        friend bool operator==(const Column&, const Column&) = default;
    };

    std::string name;
    // Each inner list is a combination of attrs whose values no two live documents may share. Documents in which one
    // of them is missing or null do not collide, nor do soft-deleted ones.
    std::vector<std::vector<std::string>> unique;
    // Unique attrs among these compare case-folded (e-mail addresses, user names).
    std::vector<std::string> folded;
    std::vector<Column> columns;
    // Each inner list names columns that documents are found and ordered by, in that order. A list stands alone.
    std::vector<std::vector<std::string>> indexes;

    // The attrs whose words Query::search finds: texts, locales, lists of them.
    std::vector<std::string> searched;
    // The attrs of type geo, that Query::near goes by.
    std::vector<std::string> points;

    // The attrs that hold files, at any depth: what a document names there stays as long as the document does.
    std::vector<std::string> files;

    // What documents must look like, as text. When it differs from that of the last start, every live document is
    // revised. Both may be empty: documents are taken as they are.
    std::string shape;
    std::function<Revision(const Document&)> revise;
};

struct Found {
    std::vector<Document> docs;
    std::int64_t total = 0;  // matches before skip and limit
};

// The same, for whoever only passes documents on, and what else the query asked for.
struct FoundText {
    std::vector<DocTextPtr> docs;
    std::int64_t total = 0;              // as far as Query::count_to goes
    bool more = false;                   // matches come after the last of docs
    std::vector<Value> end = {};         // with `more`: where the last of docs stands, its value (null: missing) for
                                         // each sort key, then its _id. Empty with search or near without sort
    std::vector<double> distances = {};  // near: of each of docs, metres
    std::vector<std::vector<Bucket>> facets = {};  // of each of Query::facets, in ascending order
    std::int64_t walked = 0;                       // documents looked at because no index leads to the matches
};

// One step of an update inside an attr, done to the value that is there when the update is.
struct Edit {
    enum class Kind {
        set,            // the value at the path becomes `value`; null removes it
        add,            // number + value; a missing one counts as 0
        multiply,       // number * value; a missing one counts as 0
        append,         // `value` becomes the last element of the list; a missing list counts as empty
        append_new,     // the same, unless an equal element is there
        remove_values,  // each element that equals one of the list `value` goes
        set_index,      // the element at `index` becomes `value`
        remove_index,   // the element at `index` goes
    };

    AttrPath path;  // through objects
    Kind kind = Kind::set;
    Value value;
    std::int64_t index = 0;  // from 0; from the end when negative
};

// A document's edit cannot be done: the path or index leads nowhere, or what is there is of another kind. Nothing of
// the batch was stored.
class EditMisfit : public std::runtime_error {
public:
    EditMisfit(AttrPath path, const std::string& why) : std::runtime_error(why), path(std::move(path)) {}
    AttrPath path;
};

// Numbers that documents get one after the other, without a gap: in the transaction that stores them.
struct Numbering {
    std::string attr;
    std::string before;  // the text is: before, the number with at least `digits` digits, after
    int digits = 1;
    std::string after;
};

// An update of a document leaves {_id, module, doc, rev, user, time, vars, to} in `collection`: the revision it led to,
// the attrs that changed as they were, and as they became. A hard delete takes those of its documents with it.
struct History {
    std::string collection;
    std::string module;
    std::string user;
    std::string time;
    std::vector<std::string> files;  // attrs that hold files: they stand in it as null
};

// One change inside a batch.
struct Change {
    enum class Kind {
        create,       // documents[0] is stored; it has its _id already
        update,       // each match of filter gets `set`; a null in `set` removes the attr
        soft_delete,  // each match of filter gets "__deleted": true
        undelete,     // each soft-deleted match of filter is live again, as its declaration asks for it
        hard_delete,  // each match of filter is removed
        credential,   // `text` becomes the credential of the document `id`; empty removes it
        file,         // `text` becomes the bytes of the file `id`; once no stored document names it they go
    };

    Kind kind = Kind::create;
    std::string collection;
    Document document;          // create
    Filter filter;              // update, soft_delete, hard_delete
    std::vector<SortKey> sort;  // update, *_delete with a limit: which matches come first
    std::int64_t skip = 0;
    std::int64_t limit = 0;   // 0: all matches
    Document set;             // update
    std::vector<Edit> edits;  // update: done after `set`, in order
    // update: called with each document as it is about to be stored; what it throws fails the whole batch. It runs on a
    // thread of the driver and must not wait. May be empty.
    std::function<void(const Document&)> check;
    std::vector<Numbering> numbers;   // create
    std::optional<History> history;   // update, hard_delete
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
    Document numbered = {};            // create: the attrs of Change::numbers
};

// One change as the log has it.
struct LoggedChange {
    enum class Kind { create, update, soft_delete, undelete, hard_delete, credential };

    Kind kind = Kind::create;
    std::string collection;          // credential: empty
    std::string id;                  // of the document
    Document before;                 // update: the attrs that changed or went, as they were; hard_delete: all of it
    std::vector<std::string> added;  // update: the attrs that were not there before

    friend bool operator==(const LoggedChange&, const LoggedChange&) = default;
};

// A batch that changed something. Numbers begin with 1 and leave none out.
struct LoggedBatch {
    std::int64_t number = 0;
    std::int64_t time_ms = 0;  // since 1970
    std::vector<LoggedChange> changes;

    friend bool operator==(const LoggedBatch&, const LoggedBatch&) = default;
};

struct LogPage {
    bool too_late = false;             // what followed is no longer kept: whoever follows the log has to start over
    std::int64_t last = 0;             // the number of the newest batch; 0: there was none yet
    std::vector<LoggedBatch> batches;  // oldest first
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

// Stored documents do not fit the declarations of prepare(); of a batch, those that it would undelete. Nothing was
// changed.
class Unfit : public std::runtime_error {
public:
    struct Misfit {
        std::string collection;
        std::string id;      // empty: it is the collection as such
        std::string reason;  // for people
    };
    Unfit(std::vector<Misfit> first, std::size_t total)
        : std::runtime_error("stored documents do not fit"), first(std::move(first)), total(total) {}

    std::vector<Misfit> first;  // the first of them
    std::size_t total;
};

// What prepare() did, and what it noticed, in lines for the log.
struct Prepared {
    std::vector<std::string> done;
    std::vector<std::string> warnings;
};

// The store cannot answer at the moment (disk full, locked, gone). The message is for the log.
class StoreUnavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Store {
public:
    virtual ~Store() = default;

    // Brings the store to what these collections declare: all of them or, when it throws, none. Call before their first
    // read or write, and again when declarations have changed. Nothing is done when all was so already. Warns of
    // collections that are not among these and have documents: they are left alone. Throws Unfit when stored documents
    // cannot be brought there.
    virtual Prepared prepare(const std::vector<Collection>& collections) = 0;

    // From now on `listener` learns of each batch, in the order of their numbers, once it is stored and before its
    // write() gives a result. It runs on a thread of the driver and must neither wait nor throw. Call before prepare().
    virtual void on_commit(std::function<void(const LoggedBatch&)> listener) = 0;

    // The documents that match, sorted, skipped and limited; soft-deleted ones never match, but see Query::deleted.
    virtual Task<Found> read(std::string collection, Query query) = 0;
    virtual Task<FoundText> read_text(std::string collection, Query query) = 0;

    // One Changed for each change of the batch, in order.
    virtual Task<std::vector<Changed>> write(Batch batch) = 0;

    // The credential stored for that document, if any.
    virtual Task<std::optional<std::string>> credential(std::string id) = 0;

    // The bytes of that file, if any; they stay readable when the file goes.
    virtual Task<std::optional<Bytes>> file(std::string id) = 0;

    // The batches after that number, `limit` of them at most.
    virtual Task<LogPage> log(std::int64_t after, std::size_t limit) = 0;

    // For the start-up log: "SQLite, data/limp.db" or "memory".
    virtual std::string description() const = 0;
};

}  // namespace limp
