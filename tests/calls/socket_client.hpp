// tests/calls/socket_client.hpp: a Client that talks to limpd over a WebSocket on this machine.
#pragma once

#include <cstdint>
#include <memory>

#include "calls/runner.hpp"

namespace limp::calls {

// Throws when there is no WebSocket to be had at that port.
std::unique_ptr<Client> connect_socket(std::uint16_t port);

}  // namespace limp::calls
