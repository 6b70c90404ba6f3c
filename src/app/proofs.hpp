// app/proofs.hpp: the hashes that clients sign in with, read by the wire's rules, for the engine (engine/auth.hpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/auth.hpp"

namespace limp::app {

// The password inside a hash of either form:
//   a  the whole JWS of {<key>: value, "password": p}, signed with p
//   b  the payload segment of the JWS of {"hash": [key, value, p]}
// Nothing when it is neither, when key or value are others, or (form a) when the signature is not of p.
std::optional<std::string> password_in(std::string_view hash, std::string_view key, std::string_view value);

// Whether the hash is the whole JWS of {"token": token} signed with the token, or its payload segment.
bool shows_token(std::string_view hash, std::string_view token);

inline engine::Proofs proofs() {
    return {password_in, shows_token};
}

}  // namespace limp::app
