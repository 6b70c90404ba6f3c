// engine/sessions.hpp: from a session's id to who is calling.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/versions.hpp"
#include "engine/registry.hpp"
#include "limp/session.hpp"
#include "limp/store.hpp"

namespace limp::engine {

// A session as it was loaded, and what tells whether it still is so.
struct LoadedSession {
    SessionPtr session;                // null: there is no such session (any more)
    std::vector<std::string> watched;  // ids of the documents it was made from
    std::uint64_t seen = 0;            // their versions from before they were read
};

class Sessions {
public:
    // `server_key`: what tokens are derived with; whoever has it can sign as anybody. `anon_token`: the anonymous one.
    Sessions(
        const Registry& registry, Store& store, const base::Versions& versions, std::string server_key,
        std::string anon_token
    );

    // Reads the session, its user and its groups. The session is null when it is gone or expired, or when its user is
    // gone or not active.
    Task<LoadedSession> load(std::string id) const;

    // Whether nothing it was made from has changed since, and it has not expired.
    bool is_current(const LoadedSession& loaded) const;

    // base64url of an HMAC of the id, or the anonymous token.
    std::string token_of(std::string_view session_id) const;

private:
    Task<std::optional<Document>> find(std::string_view module, std::string id) const;
    Task<Privileges> merge_privileges(const Document& user) const;

    const std::map<std::string, std::string, std::less<>> collections_;  // of session, user and group
    Store& store_;
    const base::Versions& versions_;
    std::string server_key_;
    std::string anon_token_;
};

// The user's own privileges and those of its groups, as {module: [privilege, …]}. Malformed grants grant nothing.
Object merge_grants(const std::vector<const Object*>& grants);

}  // namespace limp::engine
