#include "engine/sessions.hpp"

#include <algorithm>
#include <utility>

#include "base/base64.hpp"
#include "base/hmac.hpp"
#include "base/time.hpp"

namespace limp::engine {

namespace {

std::string text_of(const Document& document, std::string_view attr) {
    const Value* value = document.find(attr);
    return value && value->is_string() ? value->string() : std::string();
}

bool is_active(const Document& user) {
    const std::string status = text_of(user, "status");
    return status.empty() || status == "active";
}

std::vector<std::string> group_ids(const Document& user) {
    std::vector<std::string> ids;
    if (const Value* groups = user.find("groups"); groups && groups->is_list())
        for (const Value& group : groups->list())
            if (group.is_string()) ids.push_back(group.string());
    return ids;
}

std::map<std::string, std::string, std::less<>> collections_of(
    const Registry& registry, std::initializer_list<std::string_view> modules
) {
    std::map<std::string, std::string, std::less<>> collections;
    for (const std::string_view name : modules) collections.emplace(name, registry.find(name)->module.collection);
    return collections;
}

}  // namespace

Sessions::Sessions(
    const Registry& registry, Store& store, const base::Versions& versions, std::string server_key,
    std::string anon_token
)
    : collections_(collections_of(registry, {"session", "user", "group"})),
      store_(store),
      versions_(versions),
      server_key_(std::move(server_key)),
      anon_token_(std::move(anon_token)) {}

Task<std::optional<Document>> Sessions::find(std::string_view module, std::string id) const {
    Query query;
    query.filter = Filter::equal("_id", std::move(id));
    query.limit = 1;
    Found found = co_await store_.read(collections_.find(module)->second, std::move(query));
    if (found.docs.empty()) co_return std::nullopt;
    co_return std::move(found.docs[0]);
}

Task<LoadedSession> Sessions::load(std::string id) const {
    LoadedSession loaded;
    loaded.watched = {id};
    const std::uint64_t session_seen = versions_.sum(loaded.watched);
    std::optional<Document> document = co_await find("session", id);
    if (!document) co_return loaded;

    const bool is_anonymous = id == anon_session_id;
    const std::int64_t expiry_ms = is_anonymous ? 0 : base::parse_time(text_of(*document, "expiry")).value_or(0);
    if (!is_anonymous && expiry_ms <= base::now_ms()) co_return loaded;

    const std::string user_id = text_of(*document, "user");
    loaded.watched.push_back(user_id);
    loaded.seen = session_seen + versions_.sum(std::span(&loaded.watched.back(), 1));
    std::optional<Document> user = co_await find("user", user_id);
    if (!user || !is_active(*user)) co_return loaded;

    for (std::string& group : group_ids(*user)) {
        loaded.watched.push_back(std::move(group));
        loaded.seen += versions_.sum(std::span(&loaded.watched.back(), 1));
    }
    Privileges privileges = co_await merge_privileges(*user);
    (*user)["privileges"] = privileges.merged();

    auto session = std::make_shared<Session>();
    session->id = id;
    session->token = token_of(id);
    session->user_id = user_id;
    session->document = std::move(*document);
    session->user = std::move(*user);
    session->privileges = std::move(privileges);
    session->expiry_ms = expiry_ms;
    loaded.session = std::move(session);
    co_return loaded;
}

Task<Privileges> Sessions::merge_privileges(const Document& user) const {
    std::vector<Value> ids;
    for (std::string& id : group_ids(user)) ids.emplace_back(std::move(id));
    Found groups;
    if (!ids.empty()) {
        Query query;
        query.filter = Filter::in("_id", std::move(ids));
        groups = co_await store_.read(collections_.find("group")->second, std::move(query));
    }
    std::vector<const Object*> grants;
    auto add = [&](const Document& document) {
        if (const Value* own = document.find("privileges"); own && own->is_object()) grants.push_back(&own->object());
    };
    add(user);
    for (const Document& group : groups.docs) add(group);
    co_return Privileges(merge_grants(grants));
}

bool Sessions::is_current(const LoadedSession& loaded) const {
    if (!loaded.session || versions_.sum(loaded.watched) != loaded.seen) return false;
    return loaded.session->expiry_ms == 0 || base::now_ms() < loaded.session->expiry_ms;
}

std::string Sessions::token_of(std::string_view session_id) const {
    if (session_id == anon_session_id) return anon_token_;
    base::Hmac hmac(server_key_);
    return base::to_base64url(hmac.sign("limp session " + std::string(session_id)));
}

Object merge_grants(const std::vector<const Object*>& grants) {
    Object merged;
    for (const Object* grant : grants) {
        for (const Member& member : *grant) {
            Value& into = merged[member.name];
            if (into.is_null()) into = List{};
            const List given = member.value.is_list()       ? member.value.list()
                               : member.value == Value("*") ? List{Value("*")}
                                                            : List{};
            for (const Value& privilege : given)
                if (std::ranges::find(into.list(), privilege) == into.list().end()) into.list().push_back(privilege);
        }
    }
    return merged;
}

}  // namespace limp::engine
