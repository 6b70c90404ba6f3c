#include "app/post_call.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "app/cors.hpp"
#include "app/http.hpp"
#include "base/id.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "wire/answer_writer.hpp"
#include "wire/call_reader.hpp"

namespace limp::app {

namespace {

// "application/json; charset=utf-8"; a body whose type is not said is taken for JSON.
bool is_json(const net::HttpRequest& request) {
    const std::string type = base::to_lower(header(request, "content-type"));
    const std::string_view essence = std::string_view(type).substr(0, type.find_first_of("; \t"));
    return essence.empty() || essence == "application/json";
}

// What stands in the way of reading the request as a call.
std::optional<net::HttpResponse> refused(const net::HttpRequest& request) {
    if (is_preflight(request)) return preflight("POST", "Content-Type");
    if (request.method != "POST") return not_with_this_verb(request, "POST");
    if (!is_json(request)) {
        return refuse(415, "CORE_REQ_INVALID_TYPE", "A call is JSON: send it with \"Content-Type: application/json\".");
    }
    return std::nullopt;
}

net::HttpResponse response_of(const Answer& answer, std::string_view call_id) {
    net::HttpResponse response;
    response.status = http_status(answer);
    response.body = wire::write_answer(answer, call_id);
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    return response;
}

Task<net::HttpResponse> answer(
    const net::HttpRequest& request, Peer peer, engine::Engine& engine, SingleCalls& calls, base::Hmac& anonymous,
    const Config& config
) {
    const base::JsonLimits limits{config.json_depth_max, config.json_values_max};
    if (!base::is_utf8(request.body)) {
        Refusal no_text(400, "CORE_REQ_INVALID_CALL", "A call is JSON in UTF-8, and this body is no UTF-8.");
        co_return response_of(co_await calls.refuse(std::move(no_text), std::move(peer)), {});
    }
    const std::string sid = wire::claimed_sid(request.body, limits);
    std::optional<base::Hmac> session;
    if (base::is_id(sid) && sid != anon_session_id) session.emplace(engine.auth().token_of(sid));
    const wire::Keys keys{session ? *session : anonymous, anonymous};
    wire::ReadCall read = wire::read_call(request.body, keys, base::now_ms(), limits);
    if (Refusal* refusal = std::get_if<Refusal>(&read.result))
        co_return response_of(co_await calls.refuse(std::move(*refusal), std::move(peer)), read.call_id);
    Call call = std::move(std::get<Call>(read.result));
    if (session && read.signed_by_session) call.signed_as = sid;
    co_return response_of(co_await calls.run(std::move(call), std::move(peer)), read.call_id);
}

}  // namespace

int http_status(const Answer& answer) {
    return answer.status == 291 || answer.status == 204 ? 200 : answer.status;
}

Task<net::HttpResponse> post_call(
    const net::HttpRequest& request, Peer peer, engine::Engine& engine, SingleCalls& calls, base::Hmac& anonymous,
    const Config& config
) {
    if (!is_from_allowed_origin(request, config)) co_return foreign_origin();
    std::optional<net::HttpResponse> response = refused(request);
    if (!response) response = co_await answer(request, std::move(peer), engine, calls, anonymous, config);
    share_with_origin(*response, request);
    co_return std::move(*response);
}

}  // namespace limp::app
