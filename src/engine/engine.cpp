#include "engine/engine.hpp"

#include <algorithm>
#include <exception>
#include <ranges>
#include <set>
#include <utility>

#include "base/log.hpp"
#include "base/loop.hpp"
#include "engine/collections.hpp"

namespace limp::engine {

namespace {

constexpr std::size_t session_counters = 4096;

// Who calls when limpd calls itself: the admin in name, and nobody keeps it from anything.
SessionPtr own_session() {
    auto session = std::make_shared<Session>();
    session->user_id = std::string(admin_user_id);
    session->privileges = Privileges({{"*", List{"*"}}});
    session->user = {{"_id", session->user_id}, {"privileges", session->privileges.merged()}};
    return session;
}

bool has(const Served* served, const PackageRef& package) {
    return served && std::ranges::find(served->packages(), package) != served->packages().end();
}

}  // namespace

Engine::Engine(
    std::vector<PackageRef> packages, Store& store, base::Pool& pool, Options options, Introductions introductions
)
    : options_(std::move(options)),
      store_(store),
      fetch_(std::move(introductions.fetch)),
      served_(std::make_shared<const Served>(std::move(packages), *this, store_, options_)),
      versions_(std::make_shared<base::Versions>(session_counters)),
      sessions_(served_->registry, store_, *versions_, options_.server_key, options_.settings.anon_token),
      auth_(sessions_, store_, pool, options_.password_cost, std::move(introductions.proofs)),
      own_session_(own_session()),
      address_quota_(options_.limits.address_calls_per_minute),
      session_quota_(options_.limits.session_calls_per_minute) {
    watch_sessions();
}

Engine::~Engine() = default;

ServedPtr Engine::served() const {
    const std::lock_guard lock(served_mutex_);
    return served_;
}

void Engine::tell_failure(std::string why) {
    const std::lock_guard lock(served_mutex_);
    failure_ = std::move(why);
}

std::string Engine::failure() const {
    const std::lock_guard lock(served_mutex_);
    return failure_;
}

// The store may outlive the engine, and go on telling: what it tells to is held by the listener too.
void Engine::watch_sessions() {
    std::set<std::string> watched;
    for (const std::string_view module : {"session", "user", "group"})
        watched.insert(served_->registry.find(module)->module.collection);
    store_.on_commit([versions = versions_, watched](const LoggedBatch& batch) {
        for (const LoggedChange& change : batch.changes)
            if (watched.contains(change.collection)) versions->bump(change.id);
    });
}

Prepared Engine::prepare_store() {
    return store_.prepare(collections(served()->registry, options_.settings));
}

Task<> Engine::start() {
    const ServedPtr first = served();
    co_await start(*first, nullptr);
}

Task<> Engine::stop() {
    const ServedPtr last = served();
    co_await stop(*last, last->packages().size(), nullptr);
}

Prepared Engine::replace(std::vector<PackageRef> packages) {
    const ServedPtr before = served();
    ServedPtr next = std::make_shared<const Served>(std::move(packages), *this, store_, options_);
    Prepared prepared = store_.prepare(collections(next->registry, options_.settings));
    base::run_to_end(start(*next, before.get()));
    {
        const std::lock_guard lock(served_mutex_);
        served_ = next;
    }
    base::run_to_end(stop(*before, before->packages().size(), next.get()));
    return prepared;
}

// When one cannot start, those that have are stopped again.
Task<> Engine::start(const Served& next, const Served* before) {
    for (const ReadyDocument& ensured : next.ensured) co_await ensure_document(ensured);
    std::size_t started = 0;
    std::exception_ptr error;
    try {
        for (const PackageRef& package : next.packages()) {
            if (package->start && !has(before, package)) co_await package->start(next.host(package->name));
            ++started;
        }
    } catch (...) {
        error = std::current_exception();
    }
    if (!error) co_return;
    co_await stop(next, started, before);
    std::rethrow_exception(error);
}

Task<> Engine::stop(const Served& serving, std::size_t count, const Served* others) {
    for (const PackageRef& package : serving.packages() | std::views::take(count) | std::views::reverse) {
        if (!package->stop || has(others, package)) continue;
        std::string failure;
        try {
            co_await package->stop(serving.host(package->name));
            continue;
        } catch (const std::exception& error) {
            failure = error.what();
        } catch (...) {
            failure = "an exception that is no std::exception";
        }
        base::log_error(package->name, "the package could not be stopped as it asks", {{"error", failure}});
    }
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
    visitor->current = co_await anonymous();
    co_return visitor;
}

// Most connections begin with it, and many stay with it: they share one.
Task<LoadedSession> Engine::anonymous() {
    {
        const std::lock_guard lock(anonymous_mutex_);
        if (anonymous_.session && sessions_.is_current(anonymous_)) co_return anonymous_;
    }
    LoadedSession loaded = co_await sessions_.load(std::string(anon_session_id));
    if (!loaded.session) throw StoreUnavailable("the anonymous session is not to be found");
    const std::lock_guard lock(anonymous_mutex_);
    anonymous_ = loaded;
    co_return loaded;
}

std::shared_ptr<Uploads> Engine::uploads() const {
    return std::make_shared<Uploads>(options_.limits.upload_bytes, uploaded_, options_.limits.uploads_bytes);
}

Task<LoadedSession> Engine::load(std::string session_id) {
    if (session_id == anon_session_id) co_return co_await anonymous();
    co_return co_await sessions_.load(std::move(session_id));
}

Task<VisitorPtr> Engine::admit(Peer peer, std::string session_id) {
    LoadedSession loaded = co_await load(std::move(session_id));
    if (!loaded.session) co_return co_await admit(std::move(peer));
    co_return std::make_shared<Visitor>(Visitor{std::move(peer), std::move(loaded)});
}

Method::Order Engine::order_of(std::string_view endpoint) const {
    const std::size_t slash = endpoint.find('/');
    if (slash == endpoint.npos) return Method::Order::read;
    const ServedPtr now = served();
    const CompiledModule* module = now->registry.find(endpoint.substr(0, slash));
    if (!module) return Method::Order::read;
    auto method = module->methods.find(endpoint.substr(slash + 1));
    return method == module->methods.end() ? Method::Order::read : method->second.method->order;
}

}  // namespace limp::engine
