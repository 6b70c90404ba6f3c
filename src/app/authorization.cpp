#include "app/authorization.hpp"

#include <optional>
#include <string_view>

#include "app/http.hpp"
#include "base/hmac.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "limp/refusal.hpp"
#include "net/tokens.hpp"
#include "wire/jws.hpp"

namespace limp::app {

namespace {

constexpr double ahead_s_max = 60;
constexpr double leeway_s = 60;  // of clocks, as for calls

[[noreturn]] void refuse_token(const std::string& message) {
    throw Refusal(403, "CORE_REQ_INVALID_TOKEN", message);
}

Value payload_of(const wire::Jws& jws) {
    try {
        return base::parse_json(jws.payload, {.depth = 4, .values = 16});
    } catch (const base::JsonError&) {
        refuse_token("The payload of the JWS in Authorization is no JSON.");
    }
}

void check_payload(const Value& payload, std::string_view path, std::int64_t now_ms) {
    const Value* method = payload.find("m");
    const Value* signed_path = payload.find("p");
    const Value* exp = payload.find("exp");
    if (!method || *method != Value("GET") || !signed_path || *signed_path != Value(path))
        refuse_token("The JWS in Authorization must say {\"m\": \"GET\", \"p\": the path of this request, …}.");
    const double now_s = static_cast<double>(now_ms) / 1000;
    if (!exp || !exp->is_number() || exp->number() > now_s + ahead_s_max)
        refuse_token("The JWS in Authorization needs an exp, in seconds since 1970, at most 60 s ahead.");
    if (exp->number() < now_s - leeway_s) refuse_token("The JWS in Authorization has expired.");
}

}  // namespace

std::string authorized_session(const net::HttpRequest& request, const Auth& auth, std::int64_t now_ms) {
    const auto values = net::header_values(request, "authorization");
    if (values.empty()) return {};
    const std::string_view value = values.front();
    const std::size_t space = value.find(' ');
    const std::size_t dot = value.find('.');
    const bool is_ours = values.size() == 1 && space != value.npos && dot != value.npos && space < dot &&
                         base::to_lower(value.substr(0, space)) == "limp";
    if (!is_ours) refuse_token("Authorization is \"LIMP <sid>.<JWS>\" here, or left out.");
    const std::string_view sid = value.substr(space + 1, dot - space - 1);
    const std::optional<wire::Jws> jws = wire::read_jws(value.substr(dot + 1));
    if (!base::is_id(sid) || sid == anon_session_id || !jws)
        refuse_token("Authorization needs the id of a session, a dot, and a JWS with HS256.");
    base::Hmac key(auth.token_of(sid));
    if (!wire::verify(*jws, key)) refuse_token("The JWS in Authorization is not signed with the session's token.");
    check_payload(payload_of(*jws), path_of(request), now_ms);
    return std::string(sid);
}

}  // namespace limp::app
