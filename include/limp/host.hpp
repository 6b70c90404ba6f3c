// limp/host.hpp: what limpd lends to a package.
//
// Lifetime  The host of an event stays as long as the event, that of a job or a task as long as it runs, that of start
//           until stop.
// Time      What a call waits for, here, ends when the call's answer is due (call_timeout_ms): sleep, http and call
//           throw Refusal 504 CORE_REQ_TIMEOUT from then on. The hosts of jobs and tasks know no such end.
// Threads   Call from the thread of the event at hand.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "limp/call.hpp"
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

// An HTTP request to somebody else's server, and what came back.
struct HttpAsk {
    std::string url;  // http:// or https://
    std::string method = "GET";
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    std::chrono::milliseconds timeout{10'000};  // for all of it
    std::size_t bytes_max = 4 * 1024 * 1024;    // of the answer's body
};
struct HttpReply {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;
};

// Somebody else's server did not answer, or not as asked: what() says what happened, with the URL's host.
class HttpError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// A call that a package makes.
struct InnerCall {
    std::string endpoint;  // "blog/read"
    Value query = Object{};
    Value doc = Object{};
    SessionPtr as = {};  // who calls, with that session's permissions; null: limpd itself, which may call all methods
};

enum class LogLevel { debug, info, warning, error };

// One host for each package: what it does is done in that package's name.
class Host {
public:
    virtual ~Host() = default;

    // Documents as they are stored: no permissions, no types, no hooks. Changes made through it take effect on live
    // sessions like any other.
    virtual Store& store() = 0;
    virtual Auth& auth() = 0;
    virtual const Settings& settings() const = 0;

    // Calls a method of any package, with its arguments, types and hooks. Throws the Refusal that a client would have
    // been answered with; 400 CORE_REQ_TOO_DEEP past eight calls within each other.
    virtual Task<Outcome> call(InnerCall call) = 0;

    // Throws HttpError. Any status is an answer. At most five redirects are followed; certificates are verified; the
    // proxies of the environment have no effect.
    virtual Task<HttpReply> http(HttpAsk ask) = 0;

    // Comes back after that long; other calls go on meanwhile.
    virtual Task<> sleep(std::chrono::milliseconds time) = 0;

    // Runs `work` beside the call at hand, on its thread, with a host of its own. It is not waited for; what it throws
    // is logged under that name. It must not refer to the event: that may end before it.
    virtual void spawn(std::string name, std::function<Task<>(Host&)> work) = 0;

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

    // One line in the log, headed by the package's name, with what belongs to it: {{"order", id}}.
    virtual void log(LogLevel level, std::string_view text, const Object& details = {}) const = 0;
};

}  // namespace limp
