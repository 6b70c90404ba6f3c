// tests/calls/http2_client.hpp: a Client that talks to limpd over a WebSocket on a stream of HTTP/2, on this machine.
#pragma once

#include <cstdint>
#include <memory>

#include "calls/runner.hpp"

namespace limp::calls {

// All that are open at the same port share one connection. Throws when there is no WebSocket to be had there.
std::unique_ptr<Client> connect_http2(std::uint16_t port);

}  // namespace limp::calls
