#include "net/handshake.hpp"

#include "base/text.hpp"
#include "net/http_answer.hpp"
#include "net/tokens.hpp"
#include "wire/websocket.hpp"

namespace limp::net {
namespace {

HttpResponse wrong(std::string_view message) {
    return refusal(400, "CORE_REQ_BAD_HANDSHAKE", message);
}

HttpResponse wrong_version() {
    HttpResponse response = refusal(426, "CORE_REQ_BAD_HANDSHAKE", "Sec-WebSocket-Version must be 13.");
    response.headers = {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Version", "13"}};
    return response;
}

}  // namespace

bool asks_for_websocket(const HttpRequest& request) {
    return has_token(request, "upgrade", "websocket");
}

std::variant<Handshake, HttpResponse> read_handshake(const Http1Request& http) {
    const HttpRequest& request = http.request;
    if (request.method != "GET") return wrong("A WebSocket is opened by GET.");
    if (http.is_1_0) return wrong("A WebSocket is opened by HTTP/1.1.");
    if (!request.body.empty()) return wrong("The request that opens a WebSocket has no body.");
    if (!has_token(request, "connection", "upgrade")) return wrong("The Connection header must say Upgrade.");

    const auto versions = header_values(request, "sec-websocket-version");
    if (versions.size() != 1 || versions.front() != "13") return wrong_version();
    const auto keys = header_values(request, "sec-websocket-key");
    const auto accept = keys.size() == 1 ? wire::accept_key(keys.front()) : std::nullopt;
    if (!accept) return wrong("Sec-WebSocket-Key must be the base64 of 16 bytes.");

    return Handshake{
        .accept = *accept,
        .subprotocols = tokens(request, "sec-websocket-protocol"),
        .extensions = base::join(tokens(request, "sec-websocket-extensions"), ", "),
    };
}

}  // namespace limp::net
