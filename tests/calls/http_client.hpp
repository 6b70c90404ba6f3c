// tests/calls/http_client.hpp: a Client that talks to limpd by HTTP requests on this machine.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "calls/runner.hpp"

namespace limp::calls {

// Each message is posted to /call. Nothing there remembers a session: who is on one names it in its calls' sid.
std::unique_ptr<Client> connect_post(std::uint16_t port);

// The body of what GET answers for that path. `authorization`: the header's value; empty: none.
std::string get(std::uint16_t port, const std::string& path, const std::string& authorization);

}  // namespace limp::calls
