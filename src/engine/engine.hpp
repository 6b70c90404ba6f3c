// engine/engine.hpp: the life of a call, behind one door.
//
//     Engine engine(packages, store, pool, options, proofs);
//     engine.prepare_store();                                   // stored documents follow the modules
//     co_await engine.start();                                  // documents that must exist
//     auto visitor = engine.admit(peer);                        // one for each connection
//     Answer answer = co_await engine.run(call, visitor);       // never throws
//
// Threads  Any number of loops may call; a Visitor belongs to one of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/versions.hpp"
#include "engine/auth.hpp"
#include "engine/ensured.hpp"
#include "engine/operations.hpp"
#include "engine/quota.hpp"
#include "engine/registry.hpp"
#include "engine/sessions.hpp"
#include "limp/host.hpp"

namespace limp::engine {

// One connection's side of the engine: who it is at the moment.
struct Visitor {
    Peer peer;
    LoadedSession current;  // of the last call; asked for anew when it has changed

    const Session& session() const { return *current.session; }
};
using VisitorPtr = std::shared_ptr<Visitor>;

struct Options {
    Settings settings;
    Limits limits;
    base::PasswordCost password_cost;
    std::string server_key;  // what session tokens are derived with
};

class Engine : public Host {
public:
    // The store, the pool (for passwords) and the packages' code outlive the engine. Throws DeclarationError.
    Engine(const std::vector<Package>& packages, Store& store, base::Pool& pool, Options options, Proofs proofs);

    // Brings the store to what the modules declare (limp/store.hpp, prepare). Throws Unfit. Call once, before anything
    // else.
    Prepared prepare_store();

    // Makes sure of the documents that must exist.
    Task<> start();

    // A new connection, anonymous.
    Task<VisitorPtr> admit(Peer peer);

    // Answers a call. Whatever goes wrong becomes an answer: a Refusal its own, a fault 500 with its details logged.
    // The visitor's session is another one afterwards when the call signed in or out, or when it had ended.
    Task<Answer> run(Call call, VisitorPtr visitor);

    // Answers a message that was no call, or that was not signed as it should be. It counts like any call.
    Answer refuse(const Refusal& refusal, const Visitor& visitor);

    // How a call to that endpoint waits for others of its connection. Unknown endpoints wait for nothing.
    Method::Order order_of(std::string_view endpoint) const;

    const Registry& registry() const { return registry_; }

    // Host
    Store& store() override { return store_; }
    Auth& auth() override { return auth_; }
    const Settings& settings() const override { return options_.settings; }
    const Module* module(std::string_view name) const override;
    Object describe(const Session& session) const override;
    std::int64_t now_ms() const override;
    std::string now() const override;
    std::string time_text(std::int64_t ms) const override;
    std::string new_id() const override;
    void warn(std::string_view package, std::string_view text) const override;

private:
    Task<Answer> run_checked(Call& call, Visitor& visitor);
    Task<> refresh(Visitor& visitor);
    Task<> take_over(Visitor& visitor, SessionPtr next);
    void check_quota(std::int64_t cost, const Visitor& visitor);
    void check_signer(const Call& call, const Session& session) const;
    void check_sid(const Call& call, const Session& session) const;
    Operations::Work find(const std::string& endpoint, const Session& session) const;
    std::vector<Event> prepare(Call& call, const Operations::Work& work, const Visitor& visitor);
    void watch_sessions();
    Task<> ensure_document(const ReadyDocument& ensured);

    Options options_;
    Registry registry_;
    Store& store_;
    std::shared_ptr<base::Versions> versions_;  // of the documents that sessions are made from; the store bumps them
    Sessions sessions_;
    AuthService auth_;
    Operations operations_;
    Quota address_quota_;
    Quota session_quota_;
    std::vector<ReadyDocument> ensured_;
};

}  // namespace limp::engine
