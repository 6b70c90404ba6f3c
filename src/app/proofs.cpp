#include "app/proofs.hpp"

#include "base/base64.hpp"
#include "base/hmac.hpp"
#include "base/json.hpp"
#include "wire/jws.hpp"

namespace limp::app {

namespace {

std::optional<Value> parse(std::string_view json) {
    try {
        return base::parse_json(json);
    } catch (const base::JsonError&) {
        return std::nullopt;
    }
}

std::optional<Value> payload_of_segment(std::string_view segment) {
    const std::optional<std::string> json = base::from_base64url(segment);
    return json ? parse(*json) : std::nullopt;
}

bool is_whole_jws(std::string_view hash) {
    return hash.find('.') != hash.npos;
}

bool is_signed_with(const wire::Jws& jws, const std::string& secret) {
    base::Hmac key(secret);
    return wire::verify(jws, key);
}

std::optional<std::string> password_in_jws(std::string_view hash, std::string_view key, std::string_view value) {
    const std::optional<wire::Jws> jws = wire::read_jws(hash);
    const std::optional<Value> payload = jws ? parse(jws->payload) : std::nullopt;
    if (!payload || !payload->is_object()) return std::nullopt;
    const Value* claimed = payload->find(key);
    const Value* password = payload->find("password");
    if (!claimed || *claimed != Value(value) || !password || !password->is_string()) return std::nullopt;
    if (!is_signed_with(*jws, password->string())) return std::nullopt;
    return password->string();
}

std::optional<std::string> password_in_segment(std::string_view hash, std::string_view key, std::string_view value) {
    const std::optional<Value> payload = payload_of_segment(hash);
    const Value* parts = payload ? payload->find("hash") : nullptr;
    if (!parts || !parts->is_list() || parts->list().size() != 3) return std::nullopt;
    const List& list = parts->list();
    if (list[0] != Value(key) || list[1] != Value(value) || !list[2].is_string()) return std::nullopt;
    return list[2].string();
}

}  // namespace

std::optional<std::string> password_in(std::string_view hash, std::string_view key, std::string_view value) {
    return is_whole_jws(hash) ? password_in_jws(hash, key, value) : password_in_segment(hash, key, value);
}

bool shows_token(std::string_view hash, std::string_view token) {
    std::optional<Value> payload;
    if (is_whole_jws(hash)) {
        const std::optional<wire::Jws> jws = wire::read_jws(hash);
        if (!jws || !is_signed_with(*jws, std::string(token))) return false;
        payload = parse(jws->payload);
    } else {
        payload = payload_of_segment(hash);
    }
    const Value* shown = payload ? payload->find("token") : nullptr;
    return shown && shown->is_string() && base::equal_in_constant_time(shown->string(), token);
}

}  // namespace limp::app
