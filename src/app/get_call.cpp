#include "app/get_call.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/authorization.hpp"
#include "app/cors.hpp"
#include "app/http.hpp"
#include "app/post_call.hpp"
#include "app/ranges.hpp"
#include "base/sha256.hpp"
#include "base/time.hpp"
#include "net/tokens.hpp"
#include "wire/answer_writer.hpp"

namespace limp::app {

namespace {

bool has_authorization(const net::HttpRequest& request) {
    return !net::header_values(request, "authorization").empty();
}

// What a call's answer may be, for caches: anonymous ones are asked for anew each time and may come from there when
// nothing has changed; what was made for a session is kept by nobody.
std::string_view cache_control(const net::HttpRequest& request) {
    return has_authorization(request) ? "private, no-store" : "no-cache";
}

// A text of the answer's args; empty when there is none.
std::string text_of(const Answer& answer, std::string_view name) {
    const Value* value = answer.args.find(name);
    return value && value->is_string() ? value->string() : std::string();
}

// `attachment; filename="a_.png"; filename*=UTF-8''a%C3%A4.png` (RFC 6266).
std::string disposition(bool is_attachment, std::string_view name) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string plain;
    std::string encoded;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_safe = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             std::string_view("._-").find(c) != std::string_view::npos;
        plain += is_safe || c == ' ' ? c : '_';
        if (is_safe)
            encoded += c;
        else
            encoded.append({'%', digits[byte >> 4], digits[byte & 0xf]});
    }
    std::string text = is_attachment ? "attachment" : "inline";
    if (!name.empty()) text += "; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
    return text;
}

net::HttpResponse of_bytes(const net::HttpRequest& request, Answer answer) {
    net::HttpResponse response;
    response.type = text_of(answer, "type");
    if (response.type.empty()) response.type = "application/octet-stream";
    std::string etag = text_of(answer, "etag");
    if (etag.empty()) etag = base::sha256_hex(answer.bytes->text()).substr(0, 32);
    response.file = std::move(answer.bytes);
    response.headers.emplace_back("ETag", '"' + etag + '"');
    const Value* attachment = answer.args.find("attachment");
    const bool is_attachment = attachment && *attachment == Value(true);
    response.headers.emplace_back("Content-Disposition", disposition(is_attachment, text_of(answer, "name")));
    if (attachment) response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; sandbox");
    response = unless_known(request, std::move(response));
    return response.status == 200 ? in_range(request, std::move(response)) : response;
}

net::HttpResponse of_text(const net::HttpRequest& request, Answer answer) {
    net::HttpResponse response;
    const std::string type = text_of(answer, "type");
    response.body = type.empty() ? wire::write_answer(answer, {}) : std::move(answer.msg);
    if (!type.empty()) response.type = type;
    response.headers.emplace_back("ETag", '"' + base::sha256_hex(response.body).substr(0, 32) + '"');
    return unless_known(request, std::move(response));
}

net::HttpResponse response_of(const net::HttpRequest& request, Answer answer) {
    const int status = http_status(answer);
    if (status == 200) return answer.bytes ? of_bytes(request, std::move(answer)) : of_text(request, std::move(answer));
    net::HttpResponse response;
    response.status = status;
    response.body = wire::write_answer(answer, {});
    if (status == 405) response.headers.emplace_back("Allow", "OPTIONS");
    return response;
}

Call call_in(const net::HttpRequest& request, const engine::Engine& engine) {
    const std::string_view path = path_of(request);
    const auto parts = segments(path);
    if (!parts) throw Refusal(400, "CORE_REQ_INVALID_PATH", "The path has an escape that is none, or is no UTF-8.");
    Call call = engine.call_of(*parts);
    if (path.size() != request.target.size()) {
        throw Refusal(
            400, "CORE_REQ_INVALID_CALL", "A query string means nothing here; what is asked for stands in the path."
        );
    }
    return call;
}

Task<net::HttpResponse> answer(const net::HttpRequest& request, Peer peer, engine::Engine& engine, SingleCalls& calls) {
    std::optional<Call> call;
    std::optional<Refusal> refusal;
    try {
        call = call_in(request, engine);
        if (is_get_or_head(request)) call->signed_as = authorized_session(request, engine.auth(), base::now_ms());
    } catch (const Refusal& refused) {
        refusal = refused;
    }
    if (refusal && refusal->status() == 405 && request.method == "OPTIONS") co_return not_with_this_verb(request, "");
    if (refusal) co_return response_of(request, co_await calls.refuse(*refusal, std::move(peer)));
    if (!is_get_or_head(request)) co_return not_with_this_verb(request, "GET, HEAD");
    co_return response_of(request, co_await calls.run(std::move(*call), std::move(peer)));
}

net::HttpResponse preflight_of(const net::HttpRequest& request, const Config& config) {
    if (!net::has_token(request, "access-control-request-headers", "authorization")) {
        net::HttpResponse response = preflight("GET, HEAD", "Content-Type, If-None-Match, If-Range, Range");
        response.headers.emplace_back("Access-Control-Allow-Origin", "*");
        return response;
    }
    if (!is_from_allowed_origin(request, config)) return foreign_origin();
    net::HttpResponse response = preflight("GET, HEAD", "Authorization, Content-Type, If-None-Match, If-Range, Range");
    share_with_origin(response, request);
    return response;
}

// What LIMP sends with every answer to a GET, and who may see it.
void add_headers(net::HttpResponse& response, const net::HttpRequest& request) {
    response.headers.emplace_back("Powered-By", "Masaar, https://masaar.com");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.headers.emplace_back("Cache-Control", cache_control(request));
    response.headers.emplace_back("Vary", "Authorization");
    response.headers.emplace_back("Access-Control-Allow-Methods", "GET");
    response.headers.emplace_back("Access-Control-Allow-Headers", "Content-Type");
    response.headers.emplace_back("Access-Control-Expose-Headers", "Content-Disposition, Content-Range, ETag");
    if (has_authorization(request))
        share_with_origin(response, request);
    else
        response.headers.emplace_back("Access-Control-Allow-Origin", "*");
}

}  // namespace

Task<net::HttpResponse> get_call(
    const net::HttpRequest& request, Peer peer, engine::Engine& engine, SingleCalls& calls, const Config& config
) {
    if (is_preflight(request)) co_return preflight_of(request, config);
    if (has_authorization(request) && !is_from_allowed_origin(request, config)) co_return foreign_origin();
    net::HttpResponse response = co_await answer(request, std::move(peer), engine, calls);
    add_headers(response, request);
    co_return response;
}

}  // namespace limp::app
