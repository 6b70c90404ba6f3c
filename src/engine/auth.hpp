// engine/auth.hpp: passwords and sessions, lent to packages (limp/host.hpp, Auth).
//
// Argon2id runs in a pool of its own at low priority, with room for a bounded number of waiting log-ins.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/password.hpp"
#include "base/pool.hpp"
#include "engine/sessions.hpp"
#include "limp/host.hpp"

namespace limp::engine {

// The two hash forms that clients send are made of JWS, which is the wire's business: whoever introduces the rooms to
// each other gives these in.
struct Proofs {
    // The password inside a hash made for that key and value (Auth::password_in).
    std::function<std::optional<std::string>(std::string_view hash, std::string_view key, std::string_view value)>
        password_in;
    // Whether a hash was made with that token (Auth::shows_token).
    std::function<bool(std::string_view hash, std::string_view token)> shows_token;
};

class AuthService : public Auth {
public:
    AuthService(const Sessions& sessions, Store& store, base::Pool& pool, base::PasswordCost cost, Proofs proofs);

    std::optional<std::string> password_in(std::string_view hash, std::string_view key, std::string_view value)
        const override;
    Task<bool> verify(std::optional<std::string> user_id, std::string password) override;
    Task<std::string> credential_for(std::string password) override;
    std::string token_of(std::string_view session_id) const override;
    bool shows_token(std::string_view hash, std::string_view token) const override;
    Task<SessionPtr> session(std::string id) override;
    std::string new_session_id() const override;

private:
    void require_room() const;

    const Sessions& sessions_;
    Store& store_;
    base::Pool& pool_;
    base::PasswordCost cost_;
    Proofs proofs_;
    std::string nobodys_credential_;  // verified against when there is no such user, so that it costs the same
};

}  // namespace limp::engine
