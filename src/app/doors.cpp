#include "app/doors.hpp"

#include <algorithm>
#include <utility>

#include "app/origin.hpp"
#include "app/version.hpp"
#include "base/json.hpp"
#include "wire/websocket.hpp"

namespace limp::app {

namespace {

constexpr std::string_view signed_answers = "limp.jwt";

std::string_view path_of(const net::HttpRequest& request) {
    const std::string_view target = request.target;
    return target.substr(0, target.find('?'));
}

std::string_view header(const net::HttpRequest& request, std::string_view name) {
    auto found = std::ranges::find(request.headers, name, &std::pair<std::string, std::string>::first);
    return found == request.headers.end() ? std::string_view() : std::string_view(found->second);
}

net::HttpResponse refuse(int status, const std::string& code, const std::string& message) {
    net::HttpResponse response;
    response.status = status;
    response.body = base::to_json(Object{{"status", status}, {"msg", message}, {"args", Object{{"code", code}}}});
    return response;
}

// Sends back what it gets, through the same code as every message.
class Echo : public net::SocketHandler {
public:
    explicit Echo(net::Socket& socket) : socket_(socket) {}
    void on_text(std::string_view text) override { socket_.send_text(text); }
    void on_binary(std::string_view bytes) override { socket_.send_binary(bytes); }
    void on_stopping() override { socket_.close(wire::CloseCode::going_away); }
    void on_closed() override {}

private:
    net::Socket& socket_;
};

}  // namespace

Doors::Doors(engine::Engine& engine, const Config& config, const std::vector<base::Loop*>& loops, bool has_echo)
    : engine_(engine), config_(config), has_echo_(has_echo) {
    for (base::Loop* loop : loops)
        anonymous_keys_.emplace(loop, std::make_shared<base::Hmac>(config.settings.anon_token));
}

net::Doorkeeper::Entry Doors::enter(
    const net::HttpRequest& request, const Peer&, const std::vector<std::string>& offered
) {
    const std::string_view path = path_of(request);
    Entry entry;
    if (path != "/ws" && !(has_echo_ && path == "/echo")) {
        entry.refusal = refuse(404, "CORE_REQ_NOT_FOUND", "There is no WebSocket here; calls are served at /ws.");
        return entry;
    }
    if (!is_allowed_origin(header(request, "origin"), header(request, "host"), config_.dev, config_.allowed_origins)) {
        entry.refusal = refuse(
            403, "CORE_REQ_INVALID_ORIGIN",
            "Pages of this origin may not connect; see allowed_origins in the configuration."
        );
        return entry;
    }
    return path == "/echo" ? enter_echo() : enter_conversation(offered);
}

net::Doorkeeper::Entry Doors::enter_conversation(const std::vector<std::string>& offered) {
    ConversationOptions options;
    options.json = {config_.json_depth_max, config_.json_values_max};
    options.calls_in_flight_max = config_.calls_in_flight_max;
    options.call_timeout = config_.call_timeout;
    options.signs_answers = std::ranges::find(offered, signed_answers) != offered.end();
    Entry entry;
    if (options.signs_answers) entry.subprotocol = signed_answers;
    entry.message_bytes = config_.message_bytes_max;
    entry.compress = config_.compress;
    entry.make_handler = [this, options](net::Socket& socket) {
        return converse(engine_, socket, anonymous_keys_.at(&socket.loop()), options);
    };
    return entry;
}

net::Doorkeeper::Entry Doors::enter_echo() {
    Entry entry;
    entry.message_bytes = 16 * 1024 * 1024;
    entry.compress = config_.compress;
    entry.make_handler = [](net::Socket& socket) { return std::make_unique<Echo>(socket); };
    return entry;
}

Task<net::HttpResponse> Doors::answer(const net::HttpRequest& request, const Peer&) {
    const std::string_view path = path_of(request);
    if (path != "/" && path != "/ws")
        co_return refuse(404, "CORE_REQ_NOT_FOUND", "There is nothing here; calls are served at /ws.");
    if (request.method != "GET" && request.method != "HEAD") {
        net::HttpResponse response = refuse(405, "CORE_REQ_INVALID_VERB", "Only GET and HEAD mean something here.");
        response.headers.emplace_back("Allow", "GET, HEAD");
        co_return response;
    }
    if (path == "/ws") {
        net::HttpResponse response = refuse(426, "CORE_REQ_NOT_UPGRADED", "This path is a WebSocket.");
        response.headers.emplace_back("Upgrade", "websocket");
        response.headers.emplace_back("Connection", "Upgrade");
        co_return response;
    }
    net::HttpResponse response;
    response.body = base::to_json(Object{
        {"status", 200},
        {"msg", "limpd is running. Calls are served at /ws."},
        {"args", Object{{"version", version}, {"websocket", "/ws"}}}
    });
    co_return response;
}

}  // namespace limp::app
