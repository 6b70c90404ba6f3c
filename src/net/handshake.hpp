// net/handshake.hpp: the request by which HTTP/1.1 becomes a WebSocket (RFC 6455 §4.2).
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "net/http1.hpp"
#include "net/server.hpp"

namespace limp::net {

struct Handshake {
    std::string accept;                     // Sec-WebSocket-Accept
    std::vector<std::string> subprotocols;  // that the client offers, in its order
    std::string extensions;                 // that it offers, all headers as one list
};

// Whether the client asks for a WebSocket at all, rightly or wrongly.
bool asks_for_websocket(const HttpRequest& request);

// The handshake, or why it is none: 400, or 426 for a version of the protocol that is not 13.
std::variant<Handshake, HttpResponse> read_handshake(const Http1Request& request);

}  // namespace limp::net
