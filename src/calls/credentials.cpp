#include "calls/credentials.hpp"

#include "base/base64.hpp"
#include "base/hmac.hpp"
#include "base/json.hpp"
#include "wire/jws.hpp"

namespace limp::calls {
namespace {

std::string whole_jws(const Object& payload, std::string_view secret) {
    base::Hmac key(secret);
    return wire::write_jws(base::to_json(payload), key);
}

std::string payload_segment(const Object& payload) {
    return base::to_base64url(base::to_json(payload));
}

}  // namespace

std::string signed_frame(const Value& call, std::string_view key) {
    return base::to_json(Object{{"token", whole_jws(call.object(), key)}});
}

std::optional<std::string> computed(std::string_view form, const std::vector<std::string>& words) {
    if (form == "sdk_hash" && words.size() == 3) return payload_segment({{"hash", List{words[0], words[1], words[2]}}});
    if (form == "readme_hash" && words.size() == 3)
        return whole_jws({{words[0], words[1]}, {"password", words[2]}}, words[2]);
    if (form == "sdk_reauth" && words.size() == 1) return payload_segment({{"token", words[0]}});
    if (form == "readme_reauth" && words.size() == 1) return whole_jws({{"token", words[0]}}, words[0]);
    if (form == "text" && words.size() == 1) return words[0];
    return std::nullopt;
}

}  // namespace limp::calls
