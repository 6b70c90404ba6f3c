// app/ranges.hpp: parts of an answer, for those who ask for them (RFC 9110 §14).
#pragma once

#include "net/server.hpp"

namespace limp::app {

// The response as it is, with Accept-Ranges; or, when the request asks for one range of it, 206 with that, or 416. More
// ranges than one, and what cannot be read, get the whole. Requires: its status is 200, and it has
// a file and an ETag.
net::HttpResponse in_range(const net::HttpRequest& request, net::HttpResponse whole);

}  // namespace limp::app
