#include "engine/auth.hpp"

#include <utility>

#include "base/base64.hpp"
#include "base/id.hpp"
#include "base/loop.hpp"
#include "limp/refusal.hpp"

namespace limp::engine {

namespace {

// A credential in libsodium's form that no password fits, made without the cost of an Argon2id run at start-up.
std::string nobodys_credential(const base::PasswordCost& cost) {
    auto unpadded = [](std::size_t count) {
        std::string text = base::to_base64(base::random_bytes(count));
        text.erase(text.find_last_not_of('=') + 1);
        return text;
    };
    return "$argon2id$v=19$m=" + std::to_string(cost.memory_bytes / 1024) + ",t=" + std::to_string(cost.operations) +
           ",p=1$" + unpadded(16) + "$" + unpadded(32);
}

}  // namespace

AuthService::AuthService(
    const Sessions& sessions, Store& store, base::Pool& pool, base::PasswordCost cost, Proofs proofs
)
    : sessions_(sessions),
      store_(store),
      pool_(pool),
      cost_(cost),
      proofs_(std::move(proofs)),
      nobodys_credential_(nobodys_credential(cost)) {}

std::optional<std::string> AuthService::password_in(std::string_view hash, std::string_view key, std::string_view value)
    const {
    return proofs_.password_in(hash, key, value);
}

Task<bool> AuthService::verify(std::optional<std::string> user_id, std::string password) {
    // Nobody's is asked for as well, so that a name that does not exist takes the same way through the store.
    std::optional<std::string> stored = co_await store_.credential(user_id.value_or(std::string()));
    const bool is_somebody = stored.has_value();
    std::string credential = is_somebody ? std::move(*stored) : nobodys_credential_;
    require_room();  // right before the work is given to the pool: many may have come while the store was asked
    const bool fits = co_await base::on(pool_, [&] { return base::verify_password(credential, password); });
    co_return is_somebody&& fits;
}

Task<std::string> AuthService::credential_for(std::string password) {
    require_room();
    co_return co_await base::on(pool_, [&] { return base::hash_password(password, cost_); });
}

void AuthService::require_room() const {
    if (!pool_.has_room())
        throw Refusal(429, "CORE_SESSION_BUSY", "Too many sign-ins are waiting. Try again in a few seconds.");
}

std::string AuthService::token_of(std::string_view session_id) const {
    return sessions_.token_of(session_id);
}

bool AuthService::shows_token(std::string_view hash, std::string_view token) const {
    return proofs_.shows_token(hash, token);
}

Task<SessionPtr> AuthService::session(std::string id) {
    LoadedSession loaded = co_await sessions_.load(std::move(id));
    co_return loaded.session;
}

std::string AuthService::new_session_id() const {
    return base::new_random_id();
}

}  // namespace limp::engine
