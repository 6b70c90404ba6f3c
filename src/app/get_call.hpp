// app/get_call.hpp: GET /{module}/{method}/…: calls of methods that are declared as GET methods.
#pragma once

#include "app/config.hpp"
#include "app/single_calls.hpp"
#include "net/server.hpp"

namespace limp::app {

// Anonymous, and for any page to read; or in a session (app/authorization.hpp), for pages of allowed origins. Request
// and what comes by reference stay until the task has ended.
Task<net::HttpResponse> get_call(
    const net::HttpRequest& request, Peer peer, engine::Engine& engine, SingleCalls& calls, const Config& config
);

}  // namespace limp::app
