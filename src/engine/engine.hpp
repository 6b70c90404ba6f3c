// engine/engine.hpp: the life of a call, behind one door.
//
//     Engine engine(packages, store, pool, options, {proofs(), fetch});
//     engine.prepare_store();                                   // stored documents follow the modules
//     co_await engine.start();                                  // documents that must exist, and the packages
//     auto visitor = engine.admit(peer);                        // one for each connection
//     Answer answer = co_await engine.run(call, visitor);       // never throws
//
// Threads  Any number of loops may call; a Visitor belongs to one of them.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/versions.hpp"
#include "engine/auth.hpp"
#include "engine/lent.hpp"
#include "engine/quota.hpp"
#include "engine/served.hpp"
#include "engine/sessions.hpp"
#include "engine/uploads.hpp"

namespace limp::engine {

// One connection's side of the engine: who it is at the moment.
struct Visitor {
    Peer peer;
    LoadedSession current;                  // of the last call; asked for anew when it has changed
    std::shared_ptr<Uploads> uploads = {};  // null: it stays for one call only, and files do not come in pieces

    const Session& session() const { return *current.session; }
};
using VisitorPtr = std::shared_ptr<Visitor>;

struct Options {
    Settings settings;
    Limits limits;
    base::PasswordCost password_cost;
    std::string server_key;  // what session tokens are derived with
    Shrink shrink = {};      // empty: no image is made smaller
};

// What the engine needs of rooms that it does not know.
struct Introductions {
    Proofs proofs;
    Fetch fetch;
};

class Engine final : public Lender {
public:
    // The store and the pool (for passwords) outlive the engine. Throws DeclarationError.
    Engine(
        std::vector<PackageRef> packages, Store& store, base::Pool& pool, Options options, Introductions introductions
    );
    ~Engine() override;

    // Brings the store to what the modules declare (limp/store.hpp, prepare). Throws Unfit. Call once, before anything
    // else.
    Prepared prepare_store();

    // Makes sure of the documents that must exist, and starts the packages. Throws what a package's start throws.
    Task<> start();

    // The end of each package, in the reverse order of their starts. What one throws is logged.
    Task<> stop();

    // Serves these packages from now on: calls that have begun end on those before. A package that is served already
    // goes on; the others are started, and those that are no more are stopped. The store follows as in prepare_store.
    // When this throws, the packages before are still served: DeclarationError, Unfit, what a package's start throws.
    // From a thread that runs no loop, one at a time.
    Prepared replace(std::vector<PackageRef> packages);

    // Why packages that have changed could not be served, for the admin to see in core/describe; empty: they are.
    void tell_failure(std::string why);

    // A new connection, anonymous.
    Task<VisitorPtr> admit(Peer peer);

    // What a connection that stays keeps files in that come in pieces, for Visitor::uploads.
    std::shared_ptr<Uploads> uploads() const;

    // Somebody who has shown the token of that session, for one call; anonymous when the session has ended. The call
    // says in `signed_as` which session it was, and so is not taken for an anonymous one.
    Task<VisitorPtr> admit(Peer peer, std::string session_id);

    // Answers a call. Whatever goes wrong becomes an answer: a Refusal its own, a fault 500 with its details logged.
    // The visitor's session is another one afterwards when the call signed in or out, or when it had ended.
    Task<Answer> run(Call call, VisitorPtr visitor);

    // The call that an HTTP GET of /{module}/{method}/{value}/… stands for; `path` has the parts between the slashes.
    // The values are those of the method's query arguments, in the order of their declaration, or of _id when it
    // declares none, each converted from text to what its type takes. Throws Refusal 404 CORE_REQ_NOT_FOUND, and 405
    // CORE_REQ_INVALID_VERB for what is no GET method.
    Call call_of(const std::vector<std::string>& path) const;

    // Answers a message that was no call, or that was not signed as it should be. It counts like any call.
    Answer refuse(const Refusal& refusal, const Visitor& visitor);

    // How a call to that endpoint waits for others of its connection. Unknown endpoints wait for nothing.
    Method::Order order_of(std::string_view endpoint) const;

    // What is served at the moment. Any thread.
    ServedPtr served() const;

    // Lender
    Store& store() override { return store_; }
    Auth& auth() override { return auth_; }
    const Settings& settings() const override { return options_.settings; }
    const Fetch& fetch() const override { return fetch_; }
    std::string failure() const override;
    Task<Outcome> call(ServedPtr served, InnerCall call, Within within) override;

private:
    // Who calls, and from where.
    struct Caller {
        const SessionPtr& session;
        const Peer& peer;
        Host& host;  // of the module's package, for this call
    };

    Task<Answer> run_checked(Call& call, const Served& served, Visitor& visitor);
    Task<LoadedSession> anonymous();
    Task<LoadedSession> load(std::string session_id);
    Task<> refresh(Visitor& visitor);
    Task<> take_over(Visitor& visitor, SessionPtr next);
    void keep(FilePiece piece, Visitor& visitor) const;
    void check_quota(std::int64_t cost, const Visitor& visitor);
    void check_signer(const Call& call, const Session& session) const;
    void check_sid(const Call& call, const Session& session) const;
    std::vector<Event> prepare(Call& call, const Operations::Work& work, const Caller& caller, const Registry& registry)
        const;
    void watch_sessions();
    Task<> start(const Served& next, const Served* before);
    // Stops the first `count` packages of `serving`, the last of them first, but for those that `others` has too.
    Task<> stop(const Served& serving, std::size_t count, const Served* others);
    Task<> ensure_document(const ReadyDocument& ensured);

    Options options_;
    Store& store_;
    const Fetch fetch_;
    mutable std::mutex served_mutex_;
    ServedPtr served_;
    std::string failure_;
    std::shared_ptr<base::Versions> versions_;  // of the documents that sessions are made from; the store bumps them
    Sessions sessions_;
    std::mutex anonymous_mutex_;
    LoadedSession anonymous_;  // as it was when it was read last
    AuthService auth_;
    const std::shared_ptr<UploadedBytes> uploaded_ = std::make_shared<UploadedBytes>(0);
    const SessionPtr own_session_;  // of calls that limpd makes itself
    Quota address_quota_;
    Quota session_quota_;
};

}  // namespace limp::engine
