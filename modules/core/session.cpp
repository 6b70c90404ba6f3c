// Signing in, staying signed in, signing out (docs/protocol.md, "Sessions").
#include <optional>

#include "core/core.hpp"
#include "limp/declare.hpp"

namespace limp::core {

using namespace declare;

namespace {

constexpr std::int64_t lifetime_ms = std::int64_t{30} * 24 * 60 * 60 * 1000;

Task<std::optional<Document>> find_one(Host& host, std::string module, std::string attr, std::string value) {
    Query query;
    query.filter = Filter::equal(std::move(attr), std::move(value));
    query.limit = 1;
    Found found = co_await host.store().read(host.module(module)->collection, std::move(query));
    if (found.docs.empty()) co_return std::nullopt;
    co_return std::move(found.docs[0]);
}

Refusal session_ended() {
    return {403, "CORE_SESSION_SESSION_EXPIRED", "The session has ended. Sign in again."};
}

// What sign-in answers: the session with its token, its user and merged privileges.
Answer show(const Session& session, std::string msg) {
    Document doc = session.document;
    doc["user"] = session.user;
    doc["token"] = session.token;
    return Answer::ok(
        std::move(msg), {{"total", 1}, {"count", 1}, {"docs", List{std::move(doc)}}, {"groups", Object{}}}
    );
}

Change touch_user(Event& event, const std::string& user_id) {
    Change change;
    change.kind = Change::Kind::update;
    change.collection = event.host.module("user")->collection;
    change.filter = Filter::equal("_id", user_id);
    change.set = {{"login_time", event.host.now()}};
    return change;
}

Change open_session(Event& event, const std::string& session_id, const std::string& user_id) {
    Change change;
    change.kind = Change::Kind::create;
    change.collection = event.module.collection;
    change.document = {
        {"_id", session_id},
        {"user", user_id},
        {"host_add", event.peer.address},
        {"user_agent", event.peer.user_agent},
        {"timestamp", event.host.now()},
        {"expiry", event.host.time_text(event.host.now_ms() + lifetime_ms)},
    };
    return change;
}

Refusal invalid_credentials() {
    return {403, "CORE_SESSION_INVALID_CREDS", "There is no such user, or the password is another."};
}

Task<> auth(Event& event) {
    std::string key;
    for (const char* candidate : {"username", "phone", "email"})
        if (key.empty() && event.doc_args.contains(candidate)) key = candidate;
    const std::string value = event.doc_args.find(key)->string();
    const std::string& hash = event.doc_args.find("hash")->string();

    // An unknown name, a hash that does not fit and a wrong password take the same way and the same time.
    const std::optional<std::string> password = event.host.auth().password_in(hash, key, value);
    const std::optional<Document> user = co_await find_one(event.host, "user", key, value);
    std::optional<std::string> user_id;
    if (user) user_id = user->find("_id")->string();
    const bool fits = co_await event.host.auth().verify(user_id, password.value_or(""));
    if (!user || !password || !fits) throw invalid_credentials();

    const Value* status = user->find("status");
    if (status && *status != Value("active"))
        throw Refusal(403, "CORE_SESSION_INVALID_USER", "This user may not sign in: its status is not active.");

    const std::string session_id = event.host.auth().new_session_id();
    Batch batch;
    batch.changes.push_back(open_session(event, session_id, *user_id));
    batch.changes.push_back(touch_user(event, *user_id));
    co_await event.host.store().write(std::move(batch));
    event.next_session = co_await event.host.auth().session(session_id);
    if (!event.next_session) throw invalid_credentials();  // the user was deleted or banned this very moment
    event.answer = show(*event.next_session, "You were signed in.");
}

Task<> reauth(Event& event) {
    const std::string id = event.query_args.find("_id")->string();
    if (id == anon_session_id) throw Refusal(400, "CORE_SESSION_ANON_REAUTH", "The anonymous session needs no reauth.");
    const std::optional<Document> stored = co_await find_one(event.host, "session", "_id", id);
    if (!stored) throw Refusal(403, "CORE_SESSION_INVALID_SESSION", "There is no such session. Sign in again.");
    if (!event.host.auth().shows_token(event.query_args.find("hash")->string(), event.host.auth().token_of(id)))
        throw Refusal(403, "CORE_SESSION_INVALID_REAUTH_HASH", "The hash was not made with the session's token.");
    const SessionPtr session = co_await event.host.auth().session(id);
    if (!session) throw session_ended();

    Change renewed;
    renewed.kind = Change::Kind::update;
    renewed.collection = event.module.collection;
    renewed.filter = Filter::equal("_id", id);
    renewed.set = {{"expiry", event.host.time_text(event.host.now_ms() + lifetime_ms)}};
    renewed.must_match = true;
    Batch batch;
    batch.changes.push_back(std::move(renewed));
    batch.changes.push_back(touch_user(event, session->user_id));
    try {
        co_await event.host.store().write(std::move(batch));
    } catch (const NoMatch&) {
        throw session_ended();  // at this very moment
    }
    event.next_session = co_await event.host.auth().session(id);
    if (!event.next_session) throw session_ended();
    event.answer = show(*event.next_session, "You were signed in again.");
}

Task<> signout(Event& event) {
    const std::string id = event.query_args.find("_id")->string();
    if (id == anon_session_id)
        throw Refusal(400, "CORE_SESSION_ANON_SIGNOUT", "The anonymous session cannot be signed out.");
    if (id != event.session->id)
        throw Refusal(403, "CORE_SESSION_INVALID_SESSION", "A connection signs out its own session alone.");

    Change ended;
    ended.kind = Change::Kind::soft_delete;
    ended.collection = event.module.collection;
    ended.filter = Filter::equal("_id", id);
    Batch batch;
    batch.changes.push_back(std::move(ended));
    co_await event.host.store().write(std::move(batch));
    event.next_session = co_await event.host.auth().session(std::string(anon_session_id));
    event.answer = Answer::ok("You were signed out.", {{"count", 1}, {"docs", List{Object{{"_id", id}}}}});
}

Method barrier(std::string name, Step body, std::vector<Argument> query_args, std::vector<Argument> doc_args) {
    Method declared = method(std::move(name), Operation::own, {allow("*")});
    declared.order = Method::Order::barrier;
    declared.body = std::move(body);
    declared.query_args = std::move(query_args);
    declared.doc_args = std::move(doc_args);
    return declared;
}

}  // namespace

Module session() {
    using Kind = Type::Kind;
    const Value own = Object{{"user", "$__user"}};
    Module module;
    module.name = "session";
    module.collection = "sessions";
    module.attrs = {
        required("user", Kind::id),        required("host_add", Kind::ip), required("user_agent", Kind::str),
        required("timestamp", Kind::time), required("expiry", Kind::time),
    };
    module.extns = {{"user", "user", {}, true}};
    module.methods = {
        read({allow("read", own)}),
        create({allow("create")}),
        update({allow("update", own, {{"timestamp", nullptr}, {"expiry", nullptr}})}, needed("_id", Kind::id)),
        remove({allow("delete", own)}, needed("_id", Kind::id)),
        barrier(
            "auth", auth, {},
            {needed("hash", Kind::str), one_of("username", Kind::str), one_of("phone", Kind::str),
             one_of("email", Kind::str)}
        ),
        barrier("reauth", reauth, {needed("_id", Kind::id), needed("hash", Kind::str)}, {}),
        barrier("signout", signout, {needed("_id", Kind::id)}, {}),
    };
    return module;
}

}  // namespace limp::core
