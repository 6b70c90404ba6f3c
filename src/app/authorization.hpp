// app/authorization.hpp: whose session a request of its own is made in (docs/protocol.md, "HTTP GET").
//
//     Authorization: LIMP <sid>.<JWS of {"m": "GET", "p": path, "exp": seconds since 1970}>
//
// The JWS is signed with the session's token, which never travels; it is good for this path, and for a minute.
#pragma once

#include <cstdint>
#include <string>

#include "limp/host.hpp"
#include "net/server.hpp"

namespace limp::app {

// The session whose token was shown; empty when the request has no Authorization. Throws Refusal 403
// CORE_REQ_INVALID_TOKEN for every Authorization that is not right: nobody is silently anonymous.
std::string authorized_session(const net::HttpRequest& request, const Auth& auth, std::int64_t now_ms);

}  // namespace limp::app
