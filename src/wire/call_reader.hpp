// wire/call_reader.hpp: a text message into a Call, or why not.
//
// Forms (docs/protocol.md, "Calls"): {"token": JWS, "call_id"?}, the bare JWS, and the raw call object for session/auth
// and session/reauth. Every complete message gets exactly one answer, so whatever could be learnt of its call_id is
// given back even when the rest is nonsense.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/hmac.hpp"
#include "base/json.hpp"
#include "limp/call.hpp"
#include "limp/refusal.hpp"

namespace limp::wire {

// The keys a frame may be signed with at the moment.
struct Keys {
    base::Hmac& session;    // the connection's session (the anonymous one until authenticated)
    base::Hmac& anonymous;  // accepted for session/auth and session/reauth on any connection
};

struct ReadCall {
    // The raw JSON text of the call_id (a scalar of at most 128 bytes), empty when there was none.
    std::string call_id;
    // Which key the frame was signed with; answers under limp.jwt are signed with it. Unverifiable frames: anonymous.
    bool signed_by_session = false;
    std::variant<Call, Refusal> result = Call{};
};

// `now_ms`: for exp and nbf, with a leeway of 60 s. Never throws on bad input: `result` has the Refusal.
//   403 CORE_REQ_INVALID_TOKEN   no fitting signature, or outside exp/nbf
//   403 CORE_REQ_NOT_TOKENISED   a raw call other than session/auth and session/reauth
//   400 CORE_REQ_INVALID_CALL    no JSON, duplicate keys, too deep, a member of the wrong type, an unknown member
//   400 CORE_REQ_NO_ENDPOINT     no endpoint
ReadCall read_call(std::string_view text, const Keys& keys, std::int64_t now_ms, const base::JsonLimits& limits);

// The sid that the call inside a frame names, for doors without a session of their own: nothing of the frame is
// verified yet. Empty when there is none that could be read.
std::string claimed_sid(std::string_view text, const base::JsonLimits& limits);

// "session/auth" and the like: lower case, for comparing. Endpoints are case-insensitive.
std::string normal_endpoint(std::string_view endpoint);

}  // namespace limp::wire
