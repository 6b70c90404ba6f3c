// limp/host.hpp: what limpd lends to a package.
//
// Lifetime  The Host outlives every package.
// Threads   Call from the thread of the event at hand.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "limp/module.hpp"
#include "limp/session.hpp"
#include "limp/settings.hpp"
#include "limp/store.hpp"
#include "limp/task.hpp"

namespace limp {

// Passwords and sessions. A password is kept as one Argon2id hash a user, apart from the user's document.
class Auth {
public:
    virtual ~Auth() = default;

    // The password inside `hash`, in either form that clients send (docs/protocol.md, "Sessions"), when it was made
    // for this key ("email") and value; nothing otherwise.
    virtual std::optional<std::string> password_in(std::string_view hash, std::string_view key, std::string_view value)
        const = 0;

    // Whether that is the user's password. Costs one Argon2id run whether or not there is such a user.
    // Throws Refusal 429 CORE_SESSION_BUSY when too many wait already.
    virtual Task<bool> verify(std::optional<std::string> user_id, std::string password) = 0;

    // What to store as the credential for that password. Throws Refusal 429 as verify does.
    virtual Task<std::string> credential_for(std::string password) = 0;

    // The token of a session, derived from its id.
    virtual std::string token_of(std::string_view session_id) const = 0;

    // Whether `hash` shows that its sender knows the token (session/reauth).
    virtual bool shows_token(std::string_view hash, std::string_view token) const = 0;

    // The session of that id with its user and merged privileges; null when it is gone, expired, or its user is gone
    // or not active.
    virtual Task<SessionPtr> session(std::string id) = 0;

    // An unguessable new id for a session document.
    virtual std::string new_session_id() const = 0;
};

class Host {
public:
    virtual ~Host() = default;

    // Documents as they are stored: no permissions, no types, no hooks. Changes made through it take effect on live
    // sessions like any other.
    virtual Store& store() = 0;
    virtual Auth& auth() = 0;
    virtual const Settings& settings() const = 0;

    // The module of that name in any package, or nullptr.
    virtual const Module* module(std::string_view name) const = 0;

    // What the session may call: modules with attrs, types, methods and arguments.
    virtual Object describe(const Session& session) const = 0;

    // Milliseconds since 1970, and the same as a `time` attr holds it.
    virtual std::int64_t now_ms() const = 0;
    virtual std::string now() const = 0;
    virtual std::string time_text(std::int64_t ms) const = 0;

    // A new document id.
    virtual std::string new_id() const = 0;

    // One line in the log, at warning level, headed by the package's name.
    virtual void warn(std::string_view package, std::string_view text) const = 0;
};

}  // namespace limp
