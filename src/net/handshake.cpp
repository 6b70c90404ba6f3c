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

bool is_of_version_13(const HttpRequest& request) {
    const auto versions = header_values(request, "sec-websocket-version");
    return versions.size() == 1 && versions.front() == "13";
}

Handshake offered_by(const HttpRequest& request) {
    return Handshake{
        .accept = {},
        .subprotocols = tokens(request, "sec-websocket-protocol"),
        .extensions = base::join(tokens(request, "sec-websocket-extensions"), ", "),
    };
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

    if (!is_of_version_13(request)) return wrong_version();
    const auto keys = header_values(request, "sec-websocket-key");
    const auto accept = keys.size() == 1 ? wire::accept_key(keys.front()) : std::nullopt;
    if (!accept) return wrong("Sec-WebSocket-Key must be the base64 of 16 bytes.");

    Handshake handshake = offered_by(request);
    handshake.accept = *accept;
    return handshake;
}

std::variant<Handshake, HttpResponse> read_connect(const HttpRequest& request, std::string_view protocol) {
    if (protocol.empty()) return refusal(501, "CORE_REQ_BAD_HANDSHAKE", "This server is no proxy.");
    if (protocol != "websocket") {
        return refusal(501, "CORE_REQ_BAD_HANDSHAKE", "The only :protocol of this server is websocket.");
    }
    if (!is_of_version_13(request)) {
        HttpResponse response = wrong("Sec-WebSocket-Version must be 13.");
        response.headers = {{"Sec-WebSocket-Version", "13"}};
        return response;
    }
    return offered_by(request);
}

wire::WebSocketOptions agree(const Handshake& handshake, const Doorkeeper::Entry& entry, Headers& headers) {
    wire::WebSocketOptions options;
    options.message_bytes = entry.message_bytes;
    if (!entry.subprotocol.empty()) headers.emplace_back("Sec-WebSocket-Protocol", entry.subprotocol);
    if (const auto deflate = entry.compress ? wire::accept_deflate(handshake.extensions, options) : std::nullopt) {
        headers.emplace_back("Sec-WebSocket-Extensions", *deflate);
    }
    return options;
}

}  // namespace limp::net
