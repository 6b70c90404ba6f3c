#include "store/changes.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "store/selection.hpp"
#include "store/stored.hpp"

namespace limp::store {

namespace {

using Log = std::vector<LoggedChange>;

void take(
    const Collection& collection, const std::vector<UniqueKey>& keys, const std::string& id, Transaction& transaction
) {
    for (const UniqueKey& key : keys)
        if (transaction.take(collection, key, id))
            throw Conflict(Conflict::Kind::duplicate, collection.name, key.attrs);
}

// The keys of `keys` that are not among `others`.
std::vector<UniqueKey> without(std::vector<UniqueKey> keys, const std::vector<UniqueKey>& others) {
    std::erase_if(keys, [&](const UniqueKey& key) { return std::ranges::find(others, key) != others.end(); });
    return keys;
}

// A document that no one could read back would break every read of its collection. Calls bring none: this is a fault of
// whoever made it.
void check_text(const Document& document) {
    if (!base::is_utf8(base::to_json(document)))
        throw std::invalid_argument("document " + id_of(document) + " has text that is not UTF-8");
}

// An update as the log has it: what is no longer as it was, but for what the store itself keeps.
LoggedChange logged_update(const Collection& collection, const Document& before, const Document& after) {
    LoggedChange logged{LoggedChange::Kind::update, collection.name, id_of(before), {}, {}};
    for (const auto& [attr, value] : before) {
        const Value* now = after.find(attr);
        if (!is_kept_by_store(attr) && (!now || !(*now == value))) logged.before.append(attr, value);
    }
    for (const Member& member : after)
        if (!is_kept_by_store(member.name) && !before.contains(member.name)) logged.added.push_back(member.name);
    return logged;
}

Changed create(const Collection& collection, const Document& given, Transaction& transaction, Log& log) {
    const std::string& id = id_of(given);
    Document document = given;
    document.erase("__deleted");
    document["_rev"] = 1;
    check_text(document);
    if (!transaction.insert(collection, document)) throw Conflict(Conflict::Kind::duplicate, collection.name, {"_id"});
    take(collection, unique_keys(collection, document), id, transaction);
    transaction.file_uses.add(files_in(document, collection.files));
    log.push_back({LoggedChange::Kind::create, collection.name, id, {}, {}});
    return {{id}, 1};
}

// Stores the document as it is after the change, with the next revision.
void store_next(const Collection& collection, const Document& before, Document after, Transaction& transaction) {
    after["_rev"] = revision_of(before) + 1;
    check_text(after);
    transaction.file_uses.exchange(files_in(before, collection.files), files_in(after, collection.files));
    transaction.replace(collection, before, after);
}

void move_keys(const Collection& collection, const Document& before, const Document& after, Transaction& transaction) {
    const std::vector<UniqueKey> old_keys = unique_keys(collection, before);
    const std::vector<UniqueKey> new_keys = unique_keys(collection, after);
    for (const UniqueKey& key : without(old_keys, new_keys)) transaction.release(collection, key);
    take(collection, without(new_keys, old_keys), id_of(before), transaction);
}

// Whether that changed anything.
bool set_attrs(Document& document, const Document& set) {
    bool changed = false;
    for (const auto& [attr, value] : set) {
        if (is_kept_by_store(attr)) continue;
        if (value.is_null()) {
            changed |= document.erase(attr);
        } else if (const Value* before = document.find(attr); !before || !(*before == value)) {
            document[attr] = value;
            changed = true;
        }
    }
    return changed;
}

bool update(
    const Collection& collection, const Document& before, const Change& change, Transaction& transaction, Log& log
) {
    if (change.rev && *change.rev != revision_of(before)) throw Conflict(Conflict::Kind::revision, collection.name, {});
    Document after = before;
    if (!set_attrs(after, change.set)) return false;
    move_keys(collection, before, after, transaction);
    replace(collection, before, std::move(after), transaction, log);
    return true;
}

void soft_delete(const Collection& collection, const Document& before, Transaction& transaction, Log& log) {
    Document after = before;
    after["__deleted"] = true;
    move_keys(collection, before, after, transaction);
    store_next(collection, before, std::move(after), transaction);
    log.push_back({LoggedChange::Kind::soft_delete, collection.name, id_of(before), {}, {}});
}

void hard_delete(const Collection& collection, const Document& document, Transaction& transaction, Log& log) {
    for (const UniqueKey& key : unique_keys(collection, document)) transaction.release(collection, key);
    transaction.remove(collection, document);
    transaction.remove_credential(id_of(document));
    transaction.file_uses.remove(files_in(document, collection.files));
    log.push_back({LoggedChange::Kind::hard_delete, collection.name, id_of(document), document, {}});
}

// Whether the document is another one now.
bool change_one(
    const Collection& collection, const Document& match, const Change& change, Transaction& transaction, Log& log
) {
    switch (change.kind) {
        case Change::Kind::soft_delete:
            soft_delete(collection, match, transaction, log);
            return true;
        case Change::Kind::hard_delete:
            hard_delete(collection, match, transaction, log);
            return true;
        default:
            return update(collection, match, change, transaction, log);
    }
}

Changed change_matches(const Collection& collection, const Change& change, Transaction& transaction, Log& log) {
    std::vector<Document> matching = transaction.matching(collection, change.filter);
    const std::vector<Document> picked = select(std::move(matching), change.sort, change.skip, change.limit);
    if (change.must_match && picked.empty()) throw NoMatch();
    Changed changed;
    for (const Document& match : picked) {
        changed.matched.push_back(id_of(match));
        if (change_one(collection, match, change, transaction, log)) ++changed.modified;
    }
    return changed;
}

void change_credential(const Change& change, Transaction& transaction, Log& log) {
    if (change.text.empty())
        transaction.remove_credential(change.id);
    else
        transaction.put_credential(change.id, change.text);
    log.push_back({LoggedChange::Kind::credential, {}, change.id, {}, {}});
}

Changed apply(const Change& change, const Collections& collections, Transaction& transaction, Log& log) {
    switch (change.kind) {
        case Change::Kind::create:
            return create(*collections.get(change.collection), change.document, transaction, log);
        case Change::Kind::update:
        case Change::Kind::soft_delete:
        case Change::Kind::undelete:
        case Change::Kind::hard_delete:
            return change_matches(*collections.get(change.collection), change, transaction, log);
        case Change::Kind::credential:
            change_credential(change, transaction, log);
            return {};
        case Change::Kind::file:
            transaction.put_file(change.id, change.text);
            return {};
    }
    return {};
}

}  // namespace

void replace(const Collection& collection, const Document& before, Document after, Transaction& transaction, Log& log) {
    log.push_back(logged_update(collection, before, after));
    store_next(collection, before, std::move(after), transaction);
}

std::vector<Changed> apply(const Batch& batch, const Collections& collections, Transaction& transaction, Log& log) {
    transaction.file_uses = {};  // of a batch that failed before
    std::vector<Changed> changed;
    for (const Change& change : batch.changes) changed.push_back(apply(change, collections, transaction, log));
    settle_files(transaction);
    return changed;
}

void settle_files(Transaction& transaction) {
    for (const auto& [id, more] : transaction.file_uses.take()) transaction.use_file(id, more);
}

}  // namespace limp::store
