#include "engine/engine.hpp"

#include <set>
#include <utility>

#include "base/id.hpp"
#include "base/log.hpp"
#include "base/loop.hpp"
#include "base/time.hpp"
#include "engine/collections.hpp"

namespace limp::engine {

namespace {

constexpr std::size_t session_counters = 4096;

}  // namespace

Engine::Engine(const std::vector<Package>& packages, Store& store, base::Pool& pool, Options options, Proofs proofs)
    : options_(std::move(options)),
      registry_(packages, options_.settings, options_.limits),
      store_(store),
      versions_(std::make_shared<base::Versions>(session_counters)),
      sessions_(registry_, store_, *versions_, options_.server_key, options_.settings.anon_token),
      auth_(sessions_, store_, pool, options_.password_cost, std::move(proofs)),
      operations_(*this, registry_, store_, options_.settings, options_.limits),
      address_quota_(options_.limits.address_calls_per_minute),
      session_quota_(options_.limits.session_calls_per_minute),
      ensured_(ready_documents(packages, registry_, options_.settings)) {
    std::set<std::string> ids;
    for (const ReadyDocument& ensured : ensured_) ids.insert(ensured.id);
    operations_.protect(std::move(ids), {std::string(anon_user_id), std::string(anon_session_id)});
    watch_sessions();
}

// The store may outlive the engine, and go on telling: what it tells to is held by the listener too.
void Engine::watch_sessions() {
    std::set<std::string> watched;
    for (const std::string_view module : {"session", "user", "group"})
        watched.insert(registry_.find(module)->module.collection);
    store_.on_commit([versions = versions_, watched](const LoggedBatch& batch) {
        for (const LoggedChange& change : batch.changes)
            if (watched.contains(change.collection)) versions->bump(change.id);
    });
}

Prepared Engine::prepare_store() {
    return store_.prepare(collections(registry_, options_.settings));
}

Task<> Engine::start() {
    for (const ReadyDocument& ensured : ensured_) co_await ensure_document(ensured);
}

Task<> Engine::ensure_document(const ReadyDocument& ensured) {
    Query query;
    query.filter = Filter::equal("_id", ensured.id);
    Found found = co_await store_.read(ensured.module->collection, std::move(query));
    if (!found.docs.empty()) co_return;

    Batch batch{ensured.changes};
    if (ensured.password) {
        Change credential;
        credential.kind = Change::Kind::credential;
        credential.id = ensured.id;
        credential.text = co_await auth_.credential_for(*ensured.password);
        batch.changes.push_back(std::move(credential));
    }
    co_await store_.write(std::move(batch));
    base::log_info(
        "engine", "created a document that must exist", {{"module", ensured.module->name}, {"_id", ensured.id}}
    );
}

Task<VisitorPtr> Engine::admit(Peer peer) {
    auto visitor = std::make_shared<Visitor>();
    visitor->peer = std::move(peer);
    visitor->current = co_await sessions_.load(std::string(anon_session_id));
    if (!visitor->current.session) throw StoreUnavailable("the anonymous session is not to be found");
    co_return visitor;
}

Method::Order Engine::order_of(std::string_view endpoint) const {
    const std::size_t slash = endpoint.find('/');
    if (slash == endpoint.npos) return Method::Order::read;
    const CompiledModule* module = registry_.find(endpoint.substr(0, slash));
    if (!module) return Method::Order::read;
    auto method = module->methods.find(endpoint.substr(slash + 1));
    return method == module->methods.end() ? Method::Order::read : method->second.method->order;
}

const Module* Engine::module(std::string_view name) const {
    const CompiledModule* found = registry_.find(name);
    return found ? &found->module : nullptr;
}

std::int64_t Engine::now_ms() const {
    return base::now_ms();
}
std::string Engine::now() const {
    return base::time_text(base::now_ms());
}
std::string Engine::time_text(std::int64_t ms) const {
    return base::time_text(ms);
}
std::string Engine::new_id() const {
    return base::new_id();
}

void Engine::warn(std::string_view package, std::string_view text) const {
    base::log_warning(package, text);
}

}  // namespace limp::engine
