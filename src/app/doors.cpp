#include "app/doors.hpp"

#include <algorithm>
#include <utility>

#include "app/cors.hpp"
#include "app/get_call.hpp"
#include "app/http.hpp"
#include "app/pages.hpp"
#include "app/post_call.hpp"
#include "base/loop.hpp"
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
    for (base::Loop* loop : loops) {
        auto anonymous = std::make_shared<base::Hmac>(config.settings.anon_token);
        of_loops_.emplace(
            loop, OfLoop{std::move(anonymous), std::make_shared<SingleCalls>(engine, config.call_timeout)}
        );
    }
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
    if (!is_from_allowed_origin(request, config_)) {
        entry.refusal = foreign_origin();
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
        return converse(engine_, socket, of_loops_.at(&socket.loop()).anonymous, options);
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

Task<net::HttpResponse> Doors::answer(const net::HttpRequest& request, const Peer& peer) {
    const std::string_view path = path_of(request);
    if (path == "/") co_return welcome(request, sandbox_);
    if (path == "/ws") co_return not_upgraded(request);
    const OfLoop& own = of_loops_.at(&base::Loop::current());
    if (path == "/call") co_return co_await post_call(request, peer, engine_, *own.calls, *own.anonymous, config_);
    if (is_for_sandbox(request)) co_return sandbox_file(request, sandbox_);
    co_return co_await get_call(request, peer, engine_, *own.calls, config_);
}

}  // namespace limp::app
