// Users. Their documents never hold a credential: passwords come as "<key>_hash" arguments, and one Argon2id hash a
// user is stored apart from the document, in the same batch.
#include <algorithm>
#include <optional>

#include "core/core.hpp"
#include "limp/declare.hpp"

namespace limp::core {

using namespace declare;

namespace {

constexpr const char* keys[] = {"username", "email", "phone"};

Refusal invalid(const std::string& message) {
    return {400, "CORE_USER_INVALID_ATTR", message};
}

// The one password that all the given hashes carry, each made for the user's value of its key.
std::string password_in(const Event& event, const Document& user) {
    std::optional<std::string> password;
    for (const std::string key : keys) {
        const Value* hash = event.doc_args.find(key + "_hash");
        if (!hash) continue;
        const Value* value = user.find(key);
        if (!value || !value->is_string()) throw invalid("\"" + key + "_hash\" needs a user with a " + key + ".");
        auto found = event.host.auth().password_in(hash->string(), key, value->string());
        if (!found)
            throw invalid("\"" + key + "_hash\" was not made for this " + key + " (docs/protocol.md, Sessions).");
        if (password && *password != *found) throw invalid("The hashes carry different passwords.");
        password = std::move(found);
    }
    return *password;
}

Task<Change> new_credential(Event& event, std::string user_id, std::string password) {
    if (password.empty()) throw invalid("The password is empty.");
    Change change;
    change.kind = Change::Kind::credential;
    change.id = std::move(user_id);
    change.text = co_await event.host.auth().credential_for(std::move(password));
    co_return change;
}

Task<> before_create(Event& event) {
    event.doc["_id"] = event.host.new_id();
    event.doc["privileges"] = Object{};
    // Whoever may not change users may not put a new one into groups of its choice either.
    List groups;
    const Value* chosen = event.doc.find("groups");
    if (chosen && event.session->privileges.has("user", "update")) groups = chosen->list();
    const Value everybody(default_group_id);
    if (std::ranges::find(groups, everybody) == groups.end()) groups.push_back(everybody);
    event.doc["groups"] = std::move(groups);

    std::string id = event.doc.find("_id")->string();
    std::string password = password_in(event, event.doc);
    event.with.push_back(co_await new_credential(event, std::move(id), std::move(password)));
}

Task<Document> the_user(Event& event) {
    Query query = event.query;
    query.limit = 2;
    Found found = co_await event.host.store().read(event.module.collection, std::move(query));
    if (found.docs.size() != 1) throw Refusal(400, "CORE_USER_INVALID_USER", "The query names no user, or several.");
    co_return std::move(found.docs[0]);
}

Task<> require_current_password(Event& event, Document user) {
    const Value* hash = event.doc_args.find("current_hash");
    if (!hash) {
        throw Refusal(
            403, "CORE_USER_NO_CURRENT_HASH",
            "Changing one's own password needs the current one, in \"current_hash\", in the form of the other hashes."
        );
    }
    std::optional<std::string> current;
    for (const char* key : keys) {
        const Value* value = user.find(key);
        if (!current && value && value->is_string())
            current = event.host.auth().password_in(hash->string(), key, value->string());
    }
    const bool fits = co_await event.host.auth().verify(user.find("_id")->string(), current.value_or(""));
    if (!current || !fits) throw Refusal(403, "CORE_USER_INVALID_CURRENT_HASH", "The current password is another.");
}

// All sessions of the user but the one that asks.
Change end_sessions(Event& event, const std::string& user_id) {
    Change change;
    change.kind = Change::Kind::soft_delete;
    change.collection = event.host.module("session")->collection;
    Filter others;
    others.kind = Filter::Kind::none;
    others.children = {Filter::equal("_id", event.session->id)};
    change.filter = Filter::all_of({Filter::equal("user", user_id), std::move(others)});
    return change;
}

Task<> before_update(Event& event) {
    const bool has_hash =
        std::ranges::any_of(keys, [&](const std::string key) { return event.doc_args.contains(key + "_hash"); });
    if (!has_hash) {
        if (event.doc_args.contains("current_hash"))
            throw invalid("\"current_hash\" comes with a new password's hash.");
        co_return;
    }
    Document user = co_await the_user(event);
    const std::string id = user.find("_id")->string();
    if (id == event.session->user_id) co_await require_current_password(event, user);

    Document changed = user;
    for (const Member& member : event.doc) changed[member.name] = member.value;
    std::string password = password_in(event, changed);
    event.with.push_back(co_await new_credential(event, id, std::move(password)));
    event.with.push_back(end_sessions(event, id));
}

Task<> change_groups(Event& event, bool add) {
    const std::string user_id = event.query_args.find("_id")->string();
    const Value group = *event.doc_args.find("group");
    auto read = [&](const char* module, Value id) {
        Query query;
        query.filter = Filter::equal("_id", std::move(id));
        return event.host.store().read(event.host.module(module)->collection, std::move(query));
    };
    Found groups = co_await read("group", group);
    if (groups.docs.empty()) throw Refusal(400, "CORE_USER_INVALID_GROUP", "There is no such group.");
    Found users = co_await read("user", user_id);
    if (users.docs.empty() || user_id == anon_user_id)
        throw Refusal(400, "CORE_USER_INVALID_USER", "There is no such user.");

    const Document& user = users.docs[0];
    List now_in = user.contains("groups") ? user.find("groups")->list() : List{};
    const bool is_in = std::ranges::find(now_in, group) != now_in.end();
    if (is_in == add) {
        throw Refusal(
            400, "CORE_USER_GROUP_ADDED",
            is_in ? "The user is in that group already." : "The user is not in that group."
        );
    }
    if (add)
        now_in.push_back(group);
    else
        std::erase(now_in, group);

    Change change;
    change.kind = Change::Kind::update;
    change.collection = event.module.collection;
    change.filter = Filter::equal("_id", user_id);
    change.set = {{"groups", std::move(now_in)}};
    change.rev = user.find("_rev")->integer();
    Batch batch;
    batch.changes.push_back(std::move(change));
    co_await event.host.store().write(std::move(batch));
    event.answer = Answer::ok("Updated 1 doc.", {{"count", 1}, {"docs", List{Object{{"_id", user_id}}}}});
}

Method group_method(std::string name, bool add) {
    Method declared = method(std::move(name), Operation::own, {allow("update")});
    declared.query_args = {needed("_id", Type::Kind::id)};
    declared.doc_args = {needed("group", Type::Kind::id)};
    declared.body = [add](Event& event) { return change_groups(event, add); };
    return declared;
}

std::vector<Attr> attrs(const Settings& settings) {
    using Kind = Type::Kind;
    return {
        optional("username", Kind::str),
        optional("email", Kind::email),
        required("name", Kind::locale),
        optional("bio", Kind::locale),
        optional("address", Kind::locale),
        optional("postal_code", Kind::str),
        optional("phone", Kind::phone),
        optional("website", Kind::uri_web),
        defaulted("locale", Type::of(Kind::locales), settings.locale),
        required("create_time", Kind::time),
        optional("login_time", Kind::time),
        defaulted("groups", Type::list_of(Type::of(Kind::id)), List{}),
        defaulted("privileges", Type::of(Kind::privileges), Object{}),
        defaulted("status", Type::one_of({"active", "banned", "deleted", "disabled_password"}), "active"),
        defaulted("attrs", Type::of(Kind::attrs), Object{}),
    };
}

std::vector<Argument> hashes(Argument::Need need) {
    std::vector<Argument> arguments;
    for (const std::string key : keys) arguments.push_back({key + "_hash", need, Type::of(Type::Kind::str)});
    return arguments;
}

}  // namespace

Module user(const Settings& settings) {
    const Value self = Object{{"_id", "$__user"}};
    const Document not_by_oneself{
        {"groups", nullptr}, {"privileges", nullptr}, {"status", nullptr}, {"login_time", nullptr}
    };
    Module module;
    module.name = "user";
    module.collection = "users";
    module.attrs = attrs(settings);
    module.unique = {{"username"}, {"email"}, {"phone"}};

    Method creating = create({allow("create")});
    creating.doc_args = hashes(Argument::Need::one_of);
    Method updating =
        update({allow("update"), allow("__NOT:update", self, not_by_oneself)}, needed("_id", Type::Kind::id));
    updating.doc_args = hashes(Argument::Need::optional);
    updating.doc_args.push_back({"current_hash", Argument::Need::optional, Type::of(Type::Kind::str)});
    module.methods = {
        read({allow("read"), allow("__NOT:read", self)}),
        std::move(creating),
        std::move(updating),
        remove({allow("delete"), allow("__NOT:delete", self)}, needed("_id", Type::Kind::id)),
        group_method("add_group", true),
        group_method("delete_group", false),
    };
    module.before(Operation::create, before_create).before(Operation::update, before_update);
    return module;
}

}  // namespace limp::core
