// The life of a call: the checks, in their order, and the one place where what is thrown becomes an answer.
#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "engine/arguments.hpp"
#include "engine/documents.hpp"
#include "engine/engine.hpp"
#include "query/parser.hpp"

namespace limp::engine {

namespace {

// Hooks may call what calls them again.
constexpr int calls_within_each_other_max = 8;

Refusal refusal_of(const Conflict& conflict, const Registry& registry) {
    for (const auto& [name, module] : registry.modules()) {
        if (module.module.collection != conflict.collection) continue;
        if (conflict.kind == Conflict::Kind::revision) {
            return Refusal(
                409, module.code + "_REVISION", "The document has changed since: read it again and send its new _rev."
            );
        }
        return Refusal(
            409, module.code + "_DUPLICATE_" + base::to_upper(name),
            "There is a " + name + " with the same " + base::join(conflict.attrs, " and ") + " already."
        );
    }
    return Refusal(409, "CORE_REQ_CONFLICT", "The change conflicts with what is stored.");
}

Refusal refusal_of(const Unfit& unfit, const Registry& registry) {
    const Unfit::Misfit& first = unfit.first.front();
    for (const auto& [name, module] : registry.modules()) {
        if (module.module.collection != first.collection) continue;
        return Refusal(
            409, module.code + "_UNFIT",
            "The " + name + " " + first.id + " no longer fits its module and stays deleted: it " + first.reason + "."
        );
    }
    return Refusal(409, "CORE_REQ_CONFLICT", "The change conflicts with what is stored.");
}

Answer fault(std::string_view endpoint, std::string_view what) {
    base::log_error("engine", "a call failed", {{"endpoint", base::utf8_prefix(endpoint, 128)}, {"error", what}});
    return Answer::of(
        Refusal(500, "CORE_SERVER_ERROR", "The server failed to answer this call; its log has the reason.")
    );
}

// What the store threw when it could not: the log has why, the client only that.
Answer unavailable(std::string_view endpoint, std::string_view what) {
    base::log_error("store", what, {{"endpoint", base::utf8_prefix(endpoint, 128)}});
    return Answer::of(Refusal(503, "CORE_SERVER_UNAVAILABLE", "The store cannot answer at the moment. Try again."));
}

Refusal session_ended() {
    return {403, "CORE_SESSION_SESSION_EXPIRED", "The session has ended. Sign in again."};
}

// A batch costs what is in it.
std::int64_t cost_of(const Call& call) {
    return call.doc.is_list() ? std::max<std::int64_t>(1, std::ssize(call.doc.list())) : 1;
}

// What the method gives no meaning to is refused like an unknown name.
void check_specials(const Query& query, const Method& method) {
    auto refuse = [&](const char* special) {
        throw Refusal(400, "CORE_QUERY_INVALID", std::string(special) + " means nothing to " + method.name + ".");
    };
    const Operation operation = method.operation;
    if (operation == Operation::create && !query.filter.is_everything()) refuse("A filter");
    if (operation == Operation::create && !query.sort.empty()) refuse("$sort");
    if (operation == Operation::create && (query.skip || query.limit)) refuse("$skip or $limit");
    if (query.rev && operation != Operation::update) refuse("$rev");
    if (query.soft && operation != Operation::create && operation != Operation::remove) refuse("$soft");
    const bool is_extended = query.extend && query.extend_only.empty();
    if (!is_extended && operation != Operation::read && operation != Operation::create) refuse("$extn");
    if (operation == Operation::read) return;
    if (query.search) refuse("$search");
    if (query.near) refuse("$geo_near");
    if (!query.facets.empty()) refuse("$group");
    if (!query.after.empty()) refuse("$after");
    if (!query.attrs.empty()) refuse("$attrs");
    if (query.history) refuse("$diff");
    if (query.deleted) refuse("$deleted");
}

// Where references lead, for this session.
std::function<std::optional<query::Target>(std::string_view)> targets(
    const Registry& registry, const Session& session, const query::Variables& variables
) {
    return [&](std::string_view name) -> std::optional<query::Target> {
        const CompiledModule* module = registry.find(name);
        const CompiledPermission* reading = module ? module->permission("read", session) : nullptr;
        if (!reading) return std::nullopt;
        return query::Target{module->module, query::resolve(reading->filter, variables), reading->hide};
    };
}

// Deleted documents are for those who may bring them back.
void narrow_to_deleted(
    Query& query, const CompiledModule& module, const Session& session, const query::Variables& variables
) {
    const CompiledPermission* undeleting = module.permission("undelete", session);
    if (!undeleting) {
        throw Refusal(
            403, "CORE_SESSION_FORBIDDEN",
            "\"$deleted\" shows what was deleted to those who may call " + module.module.name +
                "/undelete, which this session may not."
        );
    }
    query.narrow(query::resolve(undeleting->filter, variables));
}

// What would let a session call a method.
std::string needed(const std::vector<CompiledPermission>& permissions) {
    std::vector<std::string> names;
    for (const CompiledPermission& permission : permissions)
        if (std::ranges::find(names, permission.name()) == names.end()) names.push_back(permission.name());
    return names.empty() ? "" : ": it takes the privilege " + base::join(names, " or ");
}

const CompiledPermission& everything_allowed() {
    static const CompiledPermission all{.module = {}, .privilege = "*", .filter = {}, .doc = {}, .hide = {}};
    return all;
}

// The method that an endpoint names, and the permission with which the session may call it. `session`: null for limpd
// itself, which may.
Operations::Work find(const Registry& registry, const Call& call, const Session* session) {
    const std::string endpoint = base::to_lower(call.endpoint);
    const std::string_view path = endpoint;
    const std::size_t slash = path.find('/');
    const std::string_view module_name = path.substr(0, slash);
    const std::string_view method_name = slash == path.npos ? std::string_view() : path.substr(slash + 1);
    if (module_name.empty() || method_name.empty() || method_name.find('/') != path.npos)
        throw Refusal(400, "CORE_REQ_INVALID_PATH", "An endpoint is \"module/method\".");

    const CompiledModule* module = registry.find(module_name);
    if (!module) {
        throw Refusal(
            400, "CORE_REQ_INVALID_MODULE",
            "There is no module " + base::in_quotes(module_name) + base::did_you_mean(module_name, registry.names()) +
                "."
        );
    }
    auto method = module->methods.find(method_name);
    if (method == module->methods.end()) {
        std::vector<std::string> names;
        for (const auto& [name, compiled] : module->methods) names.push_back(name);
        throw Refusal(
            400, "CORE_REQ_INVALID_METHOD",
            "Module " + base::in_quotes(module_name) + " has no method " + base::in_quotes(method_name) +
                base::did_you_mean(method_name, names) + "."
        );
    }
    if (method->second.method->get_method && !call.by_get)
        throw Refusal(400, "CORE_REQ_GET_METHOD", "This method is served by HTTP GET alone.");

    if (!session) return {*module, method->second, everything_allowed(), {}};
    const CompiledPermission* permission = module->permission(method_name, *session);
    if (!permission) {
        throw Refusal(
            403, "CORE_SESSION_FORBIDDEN",
            "This session may not call " + endpoint + needed(method->second.permissions) + "."
        );
    }
    return {*module, method->second, *permission, module->hidden(*permission, *session)};
}

// Whoever was there before has left nothing behind.
void become(Visitor& visitor, LoadedSession session) {
    visitor.current = std::move(session);
    if (visitor.uploads) visitor.uploads->clear();
}

// What came of a call that a package has made.
Outcome outcome_of(Answer answer) {
    if (answer.status >= 300) {
        const Value* code = answer.args.find("code");
        throw Refusal(answer.status, code && code->is_string() ? code->string() : "", answer.msg);
    }
    Outcome outcome;
    if (answer.docs) {
        Value docs = base::parse_json(*answer.docs);
        for (Value& doc : docs.list()) outcome.docs.push_back(std::move(doc.object()));
    }
    outcome.args = std::move(answer.args);
    outcome.bytes = std::move(answer.bytes);
    return outcome;
}

}  // namespace

Task<Answer> Engine::run(Call call, VisitorPtr visitor) {
    const std::int64_t began_ms = base::now_ms();
    const std::string endpoint = call.endpoint;
    const ServedPtr serving = served();  // stays longer than what a package may throw
    Answer answer;
    try {
        answer = co_await run_checked(call, *serving, *visitor);
    } catch (const Refusal& refusal) {
        answer = Answer::of(refusal);
    } catch (const Conflict& conflict) {
        answer = Answer::of(refusal_of(conflict, serving->registry));
    } catch (const Unfit& unfit) {
        answer = Answer::of(refusal_of(unfit, serving->registry));
    } catch (const StoreUnavailable& error) {
        answer = unavailable(endpoint, error.what());
    } catch (const std::exception& error) {
        answer = fault(endpoint, error.what());
    } catch (...) {
        answer = fault(endpoint, "an exception that is no std::exception");
    }
    if (base::logs(base::LogLevel::debug)) {
        base::log_debug(
            "engine", "call",
            {{"endpoint", base::utf8_prefix(endpoint, 128)},
             {"status", answer.status},
             {"code", answer.args.contains("code") ? *answer.args.find("code") : Value()},
             {"session", visitor->session().id},
             {"address", visitor->peer.address},
             {"ms", base::now_ms() - began_ms}}
        );
    }
    co_return answer;
}

Task<Answer> Engine::run_checked(Call& call, const Served& serving, Visitor& visitor) {
    check_quota(cost_of(call), visitor);    // first: it is cheap, and bounds all that follows
    co_await refresh(visitor);              // who calls, as of now: everything below depends on it
    check_signer(call, visitor.session());  // a call of a session that ended meanwhile is never answered as anonymous
    check_sid(call, visitor.session());     // never answer as somebody else than the client believes to be
    const SessionPtr session = visitor.current.session;
    const Operations::Work work = find(serving.registry, call, session.get());  // endpoint and permission
    if (visitor.uploads && call.doc.is_object()) visitor.uploads->put_into(call.doc.object(), work.module.module);
    // Arguments, query, types of what was sent.
    Lent host = serving.host(work.module.module.package).within({call.deadline, 0});
    std::vector<Event> events = prepare(call, work, {session, visitor.peer, host}, serving.registry);
    Answer answer = co_await serving.operations.run(work, events);
    if (events[0].piece) keep(std::move(*events[0].piece), visitor);
    if (events[0].next_session) co_await take_over(visitor, std::move(events[0].next_session));
    co_return answer;
}

Answer Engine::refuse(const Refusal& refusal, const Visitor& visitor) {
    try {
        check_quota(1, visitor);
    } catch (const Refusal& quota) {
        return Answer::of(quota);
    }
    return Answer::of(refusal);
}

void Engine::check_quota(std::int64_t cost, const Visitor& visitor) {
    const std::int64_t now = base::now_ms();
    const bool is_anonymous = visitor.session().is_anonymous();
    if (!address_quota_.take(visitor.peer.address, cost, now) ||
        (!is_anonymous && !session_quota_.take(visitor.session().id, cost, now)))
        throw Refusal(429, "CORE_REQ_QUOTA", "Too many calls within a minute. Wait a little, then try again.");
}

// A session that ended while its connection stayed open: the connection is anonymous from here on, and the client is
// told, with the call that it signed as somebody.
Task<> Engine::refresh(Visitor& visitor) {
    if (sessions_.is_current(visitor.current)) co_return;
    LoadedSession again = co_await load(visitor.session().id);
    if (again.session) {
        visitor.current = std::move(again);
        co_return;
    }
    become(visitor, co_await anonymous());
    throw session_ended();
}

void Engine::check_signer(const Call& call, const Session& session) const {
    if (!call.signed_as.empty() && call.signed_as != session.id) throw session_ended();
}

Task<> Engine::take_over(Visitor& visitor, SessionPtr next) {
    LoadedSession loaded = co_await load(next->id);
    if (loaded.session) become(visitor, std::move(loaded));
}

void Engine::keep(FilePiece piece, Visitor& visitor) const {
    if (!visitor.uploads) {
        throw Refusal(
            400, "CORE_FILE_NO_SOCKET", "Pieces of files come over a WebSocket; by HTTP a file is sent within the doc."
        );
    }
    visitor.uploads->add(std::move(piece));
}

void Engine::check_sid(const Call& call, const Session& session) const {
    if (!call.sid || *call.sid == session.id || *call.sid == anon_session_id) return;
    throw Refusal(
        403, "CORE_REQ_INVALID_SID",
        "The sid is not that of this connection's session. Sign in again on this connection."
    );
}

Task<Outcome> Engine::call(ServedPtr served, InnerCall inner, Within within) {
    if (within.depth > calls_within_each_other_max) {
        throw Refusal(
            400, "CORE_REQ_TOO_DEEP",
            "More than " + std::to_string(calls_within_each_other_max) + " calls within each other, at " +
                base::in_quotes(inner.endpoint) + "."
        );
    }
    static const Peer peer{"127.0.0.1", "limpd"};
    Call call;
    call.endpoint = std::move(inner.endpoint);
    call.query = std::move(inner.query);
    call.doc = std::move(inner.doc);
    call.by_get = true;  // no door keeps it from any method
    const Operations::Work work = find(served->registry, call, inner.as.get());
    Lent host = served->host(work.module.module.package).within(within);
    const SessionPtr& session = inner.as ? inner.as : own_session_;
    std::vector<Event> events = prepare(call, work, {session, peer, host}, served->registry);
    try {
        co_return outcome_of(co_await served->operations.run(work, events));
    } catch (const Conflict& conflict) {
        throw refusal_of(conflict, served->registry);
    } catch (const Unfit& unfit) {
        throw refusal_of(unfit, served->registry);
    }
}

std::vector<Event> Engine::prepare(
    Call& call, const Operations::Work& work, const Caller& caller, const Registry& registry
) const {
    const Method& method = *work.method.method;
    const SessionPtr& session = caller.session;
    const types::Context types{
        .locales = options_.settings.locales, .locale = options_.settings.locale, .keep_bytes = {}
    };
    const query::Variables variables{.user = session->user, .now_ms = base::now_ms()};

    Object query_args = take_query_arguments(work.module, method, call.query, types);
    Query query = query::parse(
        call.query, {.module = work.module.module,
                     .types = types,
                     .limits = options_.limits.query,
                     .hidden = work.hidden,
                     .target = targets(registry, *session, variables)}
    );
    check_specials(query, method);
    query.narrow(query::resolve(work.permission.filter, variables));
    if (query.deleted) narrow_to_deleted(query, work.module, *session, variables);

    if (call.doc.is_list() && method.operation != Operation::create)
        throw Refusal(400, "CORE_REQ_INVALID_CALL", "Only create takes a list of docs.");
    List docs;
    if (call.doc.is_list())
        docs = std::move(call.doc.list());
    else
        docs.push_back(std::move(call.doc));
    if (docs.empty() || docs.size() > options_.limits.batch_docs) {
        throw Refusal(
            400, "CORE_REQ_INVALID_CALL", "A batch has 1 to " + std::to_string(options_.limits.batch_docs) + " docs."
        );
    }

    std::vector<Event> events;
    events.reserve(docs.size());
    for (Value& sent : docs) {
        Event event{
            .host = caller.host,
            .module = work.module.module,
            .method = method,
            .session = session,
            .peer = caller.peer,
            .query = docs.size() == 1 ? std::move(query) : query,
            .doc = {},
            .query_args = query_args,
            .doc_args = {},
            .docs = {},
            .with = {},
            .answer = {},
            .piece = {},
            .next_session = {}
        };
        event.doc_args = take_doc_arguments(work.module, method, sent.object(), types);
        // What the permission sets, or forbids, is not even looked at: the bytes of a file would be kept.
        for (const Member& modifier : work.permission.doc) drop(sent.object(), modifier.name);
        const Documents documents(work.module, options_.settings, event.with);
        event.doc = method.operation == Operation::update ? documents.for_update(sent.object(), work.hidden)
                                                          : documents.for_create(sent.object());
        for (const Member& modifier : work.permission.doc)
            if (!modifier.value.is_null()) event.doc[modifier.name] = query::resolve(modifier.value, variables);
        events.push_back(std::move(event));
    }
    return events;
}

}  // namespace limp::engine
