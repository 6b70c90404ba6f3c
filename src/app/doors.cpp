#include "app/doors.hpp"

#include <algorithm>
#include <utility>

#include "app/http.hpp"
#include "app/origin.hpp"
#include "app/pages.hpp"
#include "wire/websocket.hpp"

namespace limp::app {

namespace {

constexpr std::string_view signed_answers = "limp.jwt";

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

net::HttpResponse not_upgraded(const net::HttpRequest& request) {
    if (!is_get_or_head(request)) return not_with_this_verb(request, "GET, HEAD");
    net::HttpResponse response = refuse(426, "CORE_REQ_NOT_UPGRADED", "This path is a WebSocket.");
    response.headers.emplace_back("Upgrade", "websocket");
    response.headers.emplace_back("Connection", "Upgrade");
    return response;
}

}  // namespace

Doors::Doors(
    engine::Engine& engine, const Config& config, const std::vector<base::Loop*>& loops,
    std::span<const page::File> sandbox, bool has_echo
)
    : engine_(engine), config_(config), sandbox_(sandbox), has_echo_(has_echo) {
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
    if (path == "/") co_return welcome(request, sandbox_);
    if (path == "/ws") co_return not_upgraded(request);
    if (is_for_sandbox(request)) co_return sandbox_file(request, sandbox_);
    co_return refuse(404, "CORE_REQ_NOT_FOUND", "There is nothing here; calls are served at /ws.");
}

}  // namespace limp::app
