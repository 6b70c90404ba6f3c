#include "store/changes.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/id.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "store/edits.hpp"
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

// What an update changed, as it was and as it became; null where there was nothing. The bytes of files may be gone by
// the time that somebody reads this.
Document history_entry(const History& history, const Document& before, const Document& after) {
    Object was, became;
    const auto note = [&](Object& in, const std::string& attr, const Value* value) {
        const bool is_file = std::ranges::find(history.files, attr) != history.files.end();
        in.append(attr, value && !is_file ? *value : Value());
    };
    const LoggedChange changed = logged_update({}, before, after);
    for (const Member& member : changed.before) {
        note(was, member.name, &member.value);
        note(became, member.name, after.find(member.name));
    }
    for (const std::string& attr : changed.added) {
        note(was, attr, nullptr);
        note(became, attr, after.find(attr));
    }
    return {
        {"_id", base::new_id()}, {"module", history.module}, {"doc", id_of(before)},   {"rev", revision_of(before) + 1},
        {"user", history.user},  {"time", history.time},     {"vars", std::move(was)}, {"to", std::move(became)},
    };
}

std::string text_of(const Numbering& numbering, std::int64_t number) {
    const std::string digits = std::to_string(number);
    const auto wanted = static_cast<std::size_t>(numbering.digits);
    const std::string zeros(wanted > digits.size() ? wanted - digits.size() : 0, '0');
    return numbering.before + zeros + digits + numbering.after;
}

// The changes of one batch, one after the other.
class Applying {
public:
    Applying(const Collections& collections, Transaction& transaction, Log& log)
        : collections_(collections), transaction_(transaction), log_(log) {}

    Changed apply(const Change& change) {
        switch (change.kind) {
            case Change::Kind::create:
                return create(*collections_.get(change.collection), change.document, change.numbers);
            case Change::Kind::update:
            case Change::Kind::soft_delete:
            case Change::Kind::undelete:
            case Change::Kind::hard_delete:
                return change_matches(*collections_.get(change.collection), change);
            case Change::Kind::credential:
                change_credential(change);
                return {};
            case Change::Kind::file:
                transaction_.put_file(change.id, change.text);
                return {};
        }
        return {};
    }

private:
    Changed create(const Collection& collection, const Document& given, const std::vector<Numbering>& numbers) {
        const std::string& id = id_of(given);
        Changed changed{{id}, 1, {}};
        Document document = given;
        document.erase("__deleted");
        for (const Numbering& numbering : numbers) {
            const std::int64_t number = transaction_.next_number(collection.name + "." + numbering.attr);
            changed.numbered[numbering.attr] = document[numbering.attr] = text_of(numbering, number);
        }
        document["_rev"] = 1;
        check_text(document);
        if (!transaction_.insert(collection, document))
            throw Conflict(Conflict::Kind::duplicate, collection.name, {"_id"});
        take(collection, unique_keys(collection, document), id, transaction_);
        transaction_.file_uses.add(files_in(document, collection.files));
        log_.push_back({LoggedChange::Kind::create, collection.name, id, {}, {}});
        return changed;
    }

    Changed change_matches(const Collection& collection, const Change& change) {
        std::vector<Document> matching = change.kind == Change::Kind::undelete
                                             ? transaction_.matching_deleted(collection, change.filter)
                                             : transaction_.matching(collection, change.filter);
        const std::vector<Document> picked =
            select(std::move(matching), change.sort, change.skip, change.limit, *transaction_.related());
        if (change.must_match && picked.empty()) throw NoMatch();
        Changed changed;
        for (const Document& match : picked) {
            changed.matched.push_back(id_of(match));
            if (change_one(collection, match, change)) ++changed.modified;
        }
        return changed;
    }

    // Whether the document is another one now.
    bool change_one(const Collection& collection, const Document& match, const Change& change) {
        switch (change.kind) {
            case Change::Kind::soft_delete:
                soft_delete(collection, match);
                return true;
            case Change::Kind::undelete:
                undelete(collection, match);
                return true;
            case Change::Kind::hard_delete:
                hard_delete(collection, match);
                if (change.history) forget(*change.history, id_of(match));
                return true;
            default:
                return update(collection, match, change);
        }
    }

    bool update(const Collection& collection, const Document& before, const Change& change) {
        if (change.rev && *change.rev != revision_of(before))
            throw Conflict(Conflict::Kind::revision, collection.name, {});
        Document after = before;
        const bool is_set = set_attrs(after, change.set);
        edit(after, change.edits);
        if (!is_set && !have_changed(change.edits, before, after)) return false;
        if (change.check) change.check(after);
        move_keys(collection, before, after, transaction_);
        if (change.history) remember(*change.history, before, after);
        replace(collection, before, std::move(after), transaction_, log_);
        return true;
    }

    void soft_delete(const Collection& collection, const Document& before) {
        Document after = before;
        after["__deleted"] = true;
        move_keys(collection, before, after, transaction_);
        store_next(collection, before, std::move(after), transaction_);
        log_.push_back({LoggedChange::Kind::soft_delete, collection.name, id_of(before), {}, {}});
    }

    // What its declaration asks for now is a change of its own, so that the log tells the two apart.
    void undelete(const Collection& collection, const Document& before) {
        Document live = before;
        live.erase("__deleted");
        live["_rev"] = revision_of(before) + 1;
        Document revised = revised_by(collection, live);
        take(collection, unique_keys(collection, revised), id_of(before), transaction_);
        store_next(collection, before, live, transaction_);
        log_.push_back({LoggedChange::Kind::undelete, collection.name, id_of(before), {}, {}});
        if (!(revised == live)) replace(collection, live, std::move(revised), transaction_, log_);
    }

    static Document revised_by(const Collection& collection, const Document& document) {
        if (!collection.revise) return document;
        Revision revision = collection.revise(document);
        if (!revision.misfit.empty()) throw Unfit({{collection.name, id_of(document), revision.misfit}}, 1);
        return std::move(revision.document);
    }

    void hard_delete(const Collection& collection, const Document& document) {
        for (const UniqueKey& key : unique_keys(collection, document)) transaction_.release(collection, key);
        transaction_.remove(collection, document);
        transaction_.remove_credential(id_of(document));
        transaction_.file_uses.remove(files_in(document, collection.files));
        log_.push_back({LoggedChange::Kind::hard_delete, collection.name, id_of(document), document, {}});
    }

    void remember(const History& history, const Document& before, const Document& after) {
        create(*collections_.get(history.collection), history_entry(history, before, after), {});
    }

    void forget(const History& history, const std::string& id) {
        const CollectionPtr collection = collections_.get(history.collection);
        const Filter entries = Filter::all_of({Filter::equal("doc", id), Filter::equal("module", history.module)});
        for (const Document& entry : transaction_.matching(*collection, entries)) hard_delete(*collection, entry);
    }

    void change_credential(const Change& change) {
        if (change.text.empty())
            transaction_.remove_credential(change.id);
        else
            transaction_.put_credential(change.id, change.text);
        log_.push_back({LoggedChange::Kind::credential, {}, change.id, {}, {}});
    }

    const Collections& collections_;
    Transaction& transaction_;
    Log& log_;
};

}  // namespace

void replace(const Collection& collection, const Document& before, Document after, Transaction& transaction, Log& log) {
    log.push_back(logged_update(collection, before, after));
    store_next(collection, before, std::move(after), transaction);
}

std::vector<Changed> apply(const Batch& batch, const Collections& collections, Transaction& transaction, Log& log) {
    transaction.file_uses = {};  // of a batch that failed before
    std::vector<Changed> changed;
    Applying applying(collections, transaction, log);
    for (const Change& change : batch.changes) changed.push_back(applying.apply(change));
    settle_files(transaction);
    return changed;
}

void settle_files(Transaction& transaction) {
    for (const auto& [id, more] : transaction.file_uses.take()) transaction.use_file(id, more);
}

}  // namespace limp::store
