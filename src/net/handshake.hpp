// net/handshake.hpp: the request by which HTTP/1.1 (RFC 6455 §4.2), or a stream of HTTP/2 (RFC 8441), becomes a
// WebSocket.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "net/http1.hpp"
#include "net/server.hpp"
#include "wire/websocket.hpp"

namespace limp::net {

struct Handshake {
    std::string accept;                     // Sec-WebSocket-Accept; HTTP/2 has none
    std::vector<std::string> subprotocols;  // that the client offers, in its order
    std::string extensions;                 // that it offers, all headers as one list
};

// Whether the client asks for a WebSocket at all, rightly or wrongly.
bool asks_for_websocket(const HttpRequest& request);

// The handshake, or why it is none: 400, or 426 for a version of the protocol that is not 13.
std::variant<Handshake, HttpResponse> read_handshake(const Http1Request& request);

// The same of an extended CONNECT for that protocol: 400, or 501 when the protocol is another than "websocket".
std::variant<Handshake, HttpResponse> read_connect(const HttpRequest& request, std::string_view protocol);

// How the two sides speak from here on. Adds the headers that tell the client so.
wire::WebSocketOptions agree(const Handshake& handshake, const Doorkeeper::Entry& entry, Headers& headers);

}  // namespace limp::net
