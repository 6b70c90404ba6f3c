#include "engine/operations.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/doc_text.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "engine/documents.hpp"
#include "engine/entered.hpp"
#include "query/parser.hpp"
#include "types/types.hpp"

namespace limp::engine {

namespace {

std::string id_list(const std::vector<std::string>& ids) {
    List list;
    for (const std::string& id : ids) list.push_back(Object{{"_id", id}});
    return base::to_json(list);
}

// The ids that a filter asks for outright, on its AND part.
std::vector<std::string> named_ids(const Filter& filter) {
    std::vector<std::string> ids;
    if (filter.kind == Filter::Kind::all) {
        for (const Filter& child : filter.children) {
            std::vector<std::string> more = named_ids(child);
            ids.insert(ids.end(), more.begin(), more.end());
        }
    }
    const Condition& condition = filter.condition;
    using Operator = Condition::Operator;
    if (filter.kind == Filter::Kind::condition && condition.path == AttrPath{"_id"} &&
        (condition.oper == Operator::equal || condition.oper == Operator::in)) {
        for (const Value& operand : condition.operands)
            if (operand.is_string()) ids.push_back(operand.string());
    }
    return ids;
}

// What the client sent, by now of the right types. The permission's own values are checked with those of the hooks.
Document typed_by_client(const Operations::Work& work, const Event& event) {
    Document typed = event.doc;
    for (const Member& modifier : work.permission.doc) typed.erase(modifier.name);
    return typed;
}

std::string_view kind_of(const HookPoint& hook) {
    return hook.when == HookPoint::When::before ? "hook before" : "hook after";
}

// A change of the documents that the query chooses.
Change change_of(const Operations::Work& work, const Query& query, Change::Kind kind) {
    Change change;
    change.kind = kind;
    change.collection = work.module.module.collection;
    change.filter = query.filter;
    change.sort = query.sort;
    change.skip = query.skip;
    change.limit = query.limit;
    return change;
}

}  // namespace

Task<Answer> Operations::run(const Work& work, std::vector<Event>& events) const {
    switch (work.method.method->operation) {
        case Operation::read:
            co_return co_await read(work, events[0]);
        case Operation::create:
            co_return co_await create(work, events);
        case Operation::update:
            co_return co_await update(work, events[0]);
        case Operation::remove:
            co_return co_await remove(work, events[0]);
        case Operation::own:
            co_return co_await own(work, events[0]);
        case Operation::undelete:
            co_return co_await undelete(work, events[0]);
        case Operation::retrieve:
            co_return co_await retrieve(work, events[0]);
    }
    throw std::logic_error("an operation without a case");
}

Task<Answer> Operations::create(const Work& work, std::vector<Event>& events) const {
    Batch batch;
    std::vector<std::size_t> places;  // of the events' own changes in the batch
    for (Event& event : events) {
        const Document typed = typed_by_client(work, event);
        co_await run_hooks(work, event, HookPoint::When::before);
        if (event.answer) co_return std::move(*event.answer);
        Change change;
        change.kind = Change::Kind::create;
        change.collection = work.module.module.collection;
        change.document = to_be_stored(work, event, typed);
        change.numbers = numbers_of(work.module.module);
        event.docs.push_back(change.document);
        places.push_back(batch.changes.size());
        batch.changes.push_back(std::move(change));
        std::ranges::move(event.with, std::back_inserter(batch.changes));
    }
    const std::vector<Changed> changed = co_await store_.write(std::move(batch));

    std::vector<Document> stored;
    for (std::size_t at = 0; at < events.size(); ++at) {
        Event& event = events[at];
        for (const Member& numbered : changed[places[at]].numbered) event.docs[0].append(numbered.name, numbered.value);
        co_await run_hooks(work, event, HookPoint::When::after);
        if (event.answer) co_return std::move(*event.answer);
        std::ranges::move(event.docs, std::back_inserter(stored));
    }
    const std::size_t count = stored.size();
    std::string docs;
    if (events[0].query.soft) {
        std::vector<DocTextPtr> texts;
        for (Document& doc : stored) {
            doc["_rev"] = 1;
            texts.push_back(std::make_shared<const DocText>(base::to_doc_text(doc)));
        }
        docs = to_json(co_await show(work, std::move(texts), events[0]));
    } else {
        std::vector<std::string> ids;
        for (const Document& doc : stored) ids.push_back(doc.find("_id")->string());
        docs = id_list(ids);
    }
    co_return Answer::ok(counted("Created", count), {{"count", count}}, std::move(docs));
}

Document Operations::to_be_stored(const Work& work, Event& event, const Document& typed) const {
    Document doc = event.doc;
    if (!doc.contains("_id")) doc["_id"] = base::new_id();
    const query::Variables variables{.user = event.session->user, .now_ms = event.host.now_ms()};
    for (const Attr& attr : work.module.module.attrs) {
        if (doc.contains(attr.name)) continue;
        if (attr.name == "user")
            doc["user"] = event.session->user_id;
        else if (attr.name == "create_time")
            doc["create_time"] = base::time_text(variables.now_ms);
        else if (attr.name == "host_add")
            doc["host_add"] = event.peer.address;
        else if (attr.name == "user_agent")
            doc["user_agent"] = event.peer.user_agent;
        else if (attr.type.kind == Type::Kind::diff)
            doc[attr.name] = List{};
        else if (attr.default_value)
            doc[attr.name] = query::resolve(*attr.default_value, variables);
    }
    return Documents(work.module, settings_, event.with).complete(doc, typed);
}

Task<Answer> Operations::update(const Work& work, Event& event) const {
    refuse_protected(protected_.never_changed, event.query.filter, "changed");
    const Document typed = typed_by_client(work, event);
    co_await run_hooks(work, event, HookPoint::When::before);
    if (event.answer) co_return std::move(*event.answer);

    Change change = change_of(work, event.query, Change::Kind::update);
    change.rev = event.query.rev;
    change.history = history_of(work, event);
    const Documents documents(work.module, settings_, event.with);
    documents.put_into(change, documents.recheck(event.doc, typed));
    const Changed changed = co_await store(work, std::move(change), event);

    co_await run_hooks(work, event, HookPoint::When::after);
    if (event.answer) co_return std::move(*event.answer);
    co_return Answer::ok(
        counted("Updated", static_cast<std::size_t>(changed.modified)), {{"count", changed.modified}},
        id_list(changed.matched)
    );
}

Task<Answer> Operations::remove(const Work& work, Event& event) const {
    const bool for_good = event.query.soft;
    if (for_good && !work.permission.hard) {
        throw Refusal(
            403, "CORE_SESSION_FORBIDDEN",
            "\"$soft\": true would delete for good, which " + work.module.module.name + "/delete does not grant."
        );
    }
    refuse_protected(protected_.never_deleted, event.query.filter, "deleted");
    co_await run_hooks(work, event, HookPoint::When::before);
    if (event.answer) co_return std::move(*event.answer);

    Change change = change_of(work, event.query, for_good ? Change::Kind::hard_delete : Change::Kind::soft_delete);
    if (for_good) change.history = history_of(work, event);
    const Changed changed = co_await store(work, std::move(change), event);

    co_await run_hooks(work, event, HookPoint::When::after);
    if (event.answer) co_return std::move(*event.answer);
    co_return Answer::ok(
        counted("Deleted", changed.matched.size()), {{"count", changed.modified}}, id_list(changed.matched)
    );
}

Task<Answer> Operations::undelete(const Work& work, Event& event) const {
    co_await run_hooks(work, event, HookPoint::When::before);
    if (event.answer) co_return std::move(*event.answer);

    const Changed changed = co_await store(work, change_of(work, event.query, Change::Kind::undelete), event);

    co_await run_hooks(work, event, HookPoint::When::after);
    if (event.answer) co_return std::move(*event.answer);
    co_return Answer::ok(
        counted("Undeleted", changed.matched.size()), {{"count", changed.modified}}, id_list(changed.matched)
    );
}

// The call's own change and those that its hooks added, in one batch.
Task<Changed> Operations::store(const Work& work, Change change, Event& event) const {
    Batch batch;
    batch.changes.push_back(std::move(change));
    std::ranges::move(event.with, std::back_inserter(batch.changes));
    try {
        std::vector<Changed> changed = co_await store_.write(std::move(batch));
        co_return std::move(changed[0]);
    } catch (const EditMisfit& misfit) {
        throw Documents(work.module, settings_, event.with).refusal_of(misfit);
    }
}

// Nothing for modules whose history is not kept.
std::optional<History> Operations::history_of(const Work& work, const Event& event) const {
    const Module& module = work.module.module;
    const bool is_kept = module.history || std::ranges::any_of(module.attrs, is_history);
    if (!is_kept || histories_.collection().empty()) return std::nullopt;
    History history{histories_.collection(), module.name, event.session->user_id, event.host.now(), {}};
    for (const Attr& attr : module.attrs)
        if (types::holds_files(attr.type)) history.files.push_back(attr.name);
    return history;
}

Task<Answer> Operations::own(const Work& work, Event& event) const {
    const Entered entered({work.module.module.package, "method", work.module.module.name, work.method.method->name});
    co_await work.method.method->body(event);
    if (!event.answer) throw std::logic_error("method " + work.method.method->name + " set no answer");
    co_return std::move(*event.answer);
}

Task<> Operations::run_hooks(const Work& work, Event& event, HookPoint::When when) const {
    for (const HookPoint& hook : work.module.module.hooks) {
        if (hook.when != when || hook.operation != work.method.method->operation) continue;
        const Entered entered(
            {work.module.module.package, kind_of(hook), work.module.module.name, work.method.method->name}
        );
        co_await hook.step(event);
        if (event.answer) co_return;
    }
}

bool Operations::has_hook(const Work& work, HookPoint::When when) {
    return std::ranges::any_of(work.module.module.hooks, [&](const HookPoint& hook) {
        return hook.when == when && hook.operation == work.method.method->operation;
    });
}

// A call that names a protected document is told so; one that merely includes it passes it over.
void Operations::refuse_protected(const std::set<std::string>& ids, Filter& filter, std::string_view what) const {
    for (const std::string& id : named_ids(filter)) {
        if (!ids.contains(id)) continue;
        throw Refusal(
            403, "CORE_REQ_PROTECTED",
            "The document " + id + " is kept by limpd itself; it cannot be " + std::string(what) + " by a call."
        );
    }
    if (ids.empty()) return;
    Filter others;
    others.kind = Filter::Kind::none;
    others.children.push_back(Filter::in("_id", std::vector<Value>(ids.begin(), ids.end())));
    filter.narrow(std::move(others));
}

}  // namespace limp::engine
