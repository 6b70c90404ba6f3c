// wire/jws.hpp: the signed form of calls: a compact JWS (RFC 7515) with HS256 (RFC 7518 §3.2), and nothing else.
//
// The algorithm is ours, whatever the header says; a header that says another one is refused. base64url is canonical,
// signatures are compared in constant time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/hmac.hpp"

namespace limp::wire {

// A JWS taken apart and decoded; nothing is verified yet.
struct Jws {
    std::string_view signed_part;   // "header.payload", as it came
    std::string_view payload_part;  // as it came
    std::string payload;            // decoded
    std::string signature;          // decoded, 32 bytes
};

// Nothing when the text is not three parts of canonical base64url, the header is not a JSON object with "alg":"HS256"
// (and no "crit"), or the signature has not 32 bytes. Views point into `text`.
std::optional<Jws> read_jws(std::string_view text);

inline bool verify(const Jws& jws, base::Hmac& key) {
    return key.verify(jws.signed_part, jws.signature);
}

// The compact JWS of that payload, with the header {"alg":"HS256","typ":"JWT"}.
std::string write_jws(std::string_view payload, base::Hmac& key);

}  // namespace limp::wire
