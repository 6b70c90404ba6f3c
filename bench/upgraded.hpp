// bench/upgraded.hpp: getting to the point where measuring can begin: connected, upgraded, greeted, signed in. All of
// it blocks and takes its time; nothing of it is measured.
#pragma once

#include <cstdint>
#include <string>

namespace limp::bench {

// Over HTTP/2 each WebSocket has a connection of its own, too, so that the two can be compared.
enum class Over { http1, http2 };

// A connection to a WebSocket at 127.0.0.1. The socket belongs to who asked.
int connect(std::uint16_t port, const std::string& path, Over over);

// Waits for the next message; throws when the connection ends.
std::string receive(int socket, Over over);

// session/reauth: this connection goes on with the session that has that token.
void join(int socket, const std::string& session, const std::string& token, Over over);

}  // namespace limp::bench
