// app/post_call.hpp: POST /call: the frame that a socket would carry as the body, its answer as the answer's.
#pragma once

#include "app/config.hpp"
#include "app/single_calls.hpp"
#include "base/hmac.hpp"
#include "net/server.hpp"

namespace limp::app {

// Who is on a session names it in the call's `sid`, as there is no connection that would remember it. `anonymous`: the
// key of the anonymous token. Request and what comes by reference stay until the task has ended.
Task<net::HttpResponse> post_call(
    const net::HttpRequest& request, Peer peer, engine::Engine& engine, SingleCalls& calls, base::Hmac& anonymous,
    const Config& config
);

// The status that HTTP has for the answer's: 291, which says how LIMP carries bytes, is 200.
int http_status(const Answer& answer);

}  // namespace limp::app
