// app/cors.hpp: what pages of other origins may do here (the Fetch standard's CORS).
//
// A browser attaches nothing of its own to a call: sessions show their token by signatures. So whom a call is answered
// is no question of cookies; the list keeps pages that nobody knows from calling in the name of a session that they
// got.
#pragma once

#include <string_view>

#include "app/config.hpp"
#include "net/server.hpp"

namespace limp::app {

// Whether the request's Origin may call with a session here: see app/origin.hpp.
bool is_from_allowed_origin(const net::HttpRequest& request, const Config& config);

// 403 CORE_REQ_INVALID_ORIGIN.
net::HttpResponse foreign_origin();

// Lets the page that asked read the response. Requires: its origin is allowed.
void share_with_origin(net::HttpResponse& response, const net::HttpRequest& request);

// Whether the request asks, before another one, whether that may be sent.
bool is_preflight(const net::HttpRequest& request);

// Yes to it. `methods`, `headers`: what the request to come may be.
net::HttpResponse preflight(std::string_view methods, std::string_view headers);

}  // namespace limp::app
