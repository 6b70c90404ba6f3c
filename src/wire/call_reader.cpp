#include "wire/call_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "wire/call_id.hpp"
#include "wire/jws.hpp"
#include "wire/utf8.hpp"

namespace limp::wire {
namespace {

constexpr double leeway_s = 60;

[[noreturn]] void refuse_call(const std::string& message) {
    throw Refusal(400, "CORE_REQ_INVALID_CALL", message);
}

[[noreturn]] void refuse_token(const std::string& message) {
    throw Refusal(403, "CORE_REQ_INVALID_TOKEN", message);
}

// The two calls by which a client gets onto a session, and which it therefore need not sign with the session's token.
bool begins_session(const Object& call) {
    const Value* endpoint = call.find("endpoint");
    if (!endpoint || !endpoint->is_string()) return false;
    const std::string normal = normal_endpoint(endpoint->string());
    return normal == "session/auth" || normal == "session/reauth";
}

// The shape that nearly every message has, {"token":"…"}, or a JWS without anything around it.
std::optional<std::string_view> lone_token(std::string_view text) {
    constexpr std::string_view before = R"({"token":")";
    constexpr std::string_view after = R"("})";
    if (text.starts_with(before) && text.ends_with(after) && text.size() >= before.size() + after.size()) {
        const std::string_view token = text.substr(before.size(), text.size() - before.size() - after.size());
        const bool is_plain = token.find('"') == std::string_view::npos && token.find('\\') == std::string_view::npos;
        if (is_plain) return token;
    }
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    const bool is_object = first != std::string_view::npos && text[first] == '{';
    if (!is_object && std::ranges::count(text, '.') == 2) return text;
    return std::nullopt;
}

// The payload as far as it can be read, whatever the rest of the token is.
std::string unverified_payload(std::string_view token) {
    const std::size_t dot = token.find('.');
    if (dot == std::string_view::npos) return {};
    token.remove_prefix(dot + 1);
    return base::from_base64url(token.substr(0, token.find('.'))).value_or(std::string());
}

class Reader {
public:
    Reader(const Keys& keys, std::int64_t now_ms, const base::JsonLimits& limits, ReadCall& read)
        : keys_(keys), now_s_(static_cast<double>(now_ms) / 1000), limits_(limits), read_(read) {}

    Call read(std::string_view text) {
        if (const auto token = lone_token(text)) return signed_call(*token);
        Object message = parse(text, "message");
        if (message.contains("token") && !message.contains("endpoint")) return signed_call(token_of(message));
        return raw_call(std::move(message));
    }

private:
    Call signed_call(std::string_view token) {
        const auto jws = read_jws(token);
        read_.signed_by_session = jws && verify(*jws, keys_.session);
        if (!read_.signed_by_session && !(jws && is_signed_anonymously(*jws))) {
            keep_call_id(find_call_id(unverified_payload(token)));
            refuse_token("The token is no JWS signed with HS256 and the token of the session that the connection is on."
            );
        }
        Object payload = parse(jws->payload, "token's payload");
        if (!read_.signed_by_session && !begins_session(payload))
            refuse_token("The anonymous token signs session/auth and session/reauth alone while one is on a session.");
        return make_call(std::move(payload));
    }

    bool is_signed_anonymously(const Jws& jws) const {
        return &keys_.anonymous != &keys_.session && verify(jws, keys_.anonymous);
    }

    Call raw_call(Object message) {
        if (message.contains("endpoint") && !begins_session(message))
            throw Refusal(
                403, "CORE_REQ_NOT_TOKENISED",
                R"(Only session/auth and session/reauth may be sent as they are; send {"token": <JWS of the call>}.)"
            );
        return make_call(std::move(message));
    }

    Object parse(std::string_view text, const std::string& what) {
        Value value;
        try {
            value = base::parse_json(text, limits_);
        } catch (const base::JsonError& error) {
            keep_call_id(find_call_id(text));
            refuse_call("The " + what + " cannot be read: " + error.what() + ".");
        }
        if (!value.is_object()) refuse_call("The " + what + " must be a JSON object.");
        if (value.object().contains("call_id")) {
            const std::string_view call_id = find_call_id(text);
            if (call_id.empty()) refuse_unusable_call_id();
            keep_call_id(call_id);
        }
        return std::move(value.object());
    }

    // The one that is found first counts: that of the message before that of its payload.
    void keep_call_id(std::string_view call_id) {
        if (read_.call_id.empty()) read_.call_id = call_id;
    }

    [[noreturn]] static void refuse_unusable_call_id() {
        refuse_call(
            "call_id must be a string, a number, true, false or null, of at most " + std::to_string(call_id_bytes_max) +
            " bytes as it is written."
        );
    }

    static const std::string& token_of(const Object& message) {
        for (const Member& member : message)
            if (member.name != "token" && member.name != "call_id")
                refuse_call(
                    "Beside a token there may be a call_id and nothing else, not " + base::in_quotes(member.name) + "."
                );
        const Value& token = *message.find("token");
        if (!token.is_string()) refuse_call("token must be a string.");
        return token.string();
    }

    Call make_call(Object members) const {
        if (!members.contains("endpoint"))
            throw Refusal(400, "CORE_REQ_NO_ENDPOINT", R"(A call needs an endpoint, "module/method".)");
        check_times(members);
        Call call;
        for (Member& member : members) take(call, member.name, member.value);
        return call;
    }

    void check_times(const Object& members) const {
        const Value* const exp = members.find("exp");
        const Value* const nbf = members.find("nbf");
        for (const Value* time : {exp, nbf})
            if (time && !time->is_number()) refuse_token("exp and nbf must be numbers, in seconds since 1970.");
        if (exp && now_s_ > exp->number() + leeway_s) refuse_token("The token has expired: exp is in the past.");
        if (nbf && now_s_ < nbf->number() - leeway_s) refuse_token("The token is not valid yet: nbf is in the future.");
    }

    static void take(Call& call, std::string_view name, Value& value) {
        if (name == "endpoint") {
            if (!value.is_string()) refuse_call(R"(endpoint must be a string, "module/method".)");
            call.endpoint = std::move(value.string());
        } else if (name == "sid") {
            if (!value.is_string() && !value.is_null()) refuse_call("sid must be a string, the id of a session.");
            if (value.is_string()) call.sid = std::move(value.string());
        } else if (name == "query") {
            if (!value.is_object() && !value.is_list()) refuse_call("query must be an object or a list of steps.");
            call.query = std::move(value);
        } else if (name == "doc") {
            if (!is_doc(value)) refuse_call("doc must be an object or a list of objects.");
            call.doc = std::move(value);
        } else if (!is_said_elsewhere(name)) {
            refuse_call("A call has no " + base::in_quotes(name) + ": it has endpoint, sid, query, doc and call_id.");
        }
    }

    static bool is_doc(const Value& value) {
        const auto is_object = [](const Value& element) { return element.is_object(); };
        return value.is_object() || (value.is_list() && std::ranges::all_of(value.list(), is_object));
    }

    // Members that were looked at before, or that clients send and nobody needs.
    static bool is_said_elsewhere(std::string_view name) {
        return name == "call_id" || name == "exp" || name == "nbf" || name == "iat" || name == "token";
    }

    const Keys& keys_;
    const double now_s_;
    const base::JsonLimits& limits_;
    ReadCall& read_;
};

}  // namespace

ReadCall read_call(std::string_view text, const Keys& keys, std::int64_t now_ms, const base::JsonLimits& limits) {
    ReadCall read;
    try {
        read.result = Reader(keys, now_ms, limits, read).read(text);
    } catch (const Refusal& refusal) {
        read.result = refusal;
    }
    return read;
}

std::string claimed_sid(std::string_view text, const base::JsonLimits& limits) {
    try {
        std::string payload;
        if (const auto token = lone_token(text)) {
            payload = unverified_payload(*token);
        } else {
            const Value message = base::parse_json(text, limits);
            const Value* inside = message.find("token");
            if (inside && inside->is_string()) payload = unverified_payload(inside->string());
        }
        const Value call = base::parse_json(payload, limits);
        const Value* sid = call.find("sid");
        return sid && sid->is_string() ? sid->string() : std::string();
    } catch (const base::JsonError&) {
        return {};
    }
}

std::string normal_endpoint(std::string_view endpoint) {
    return base::to_lower(endpoint);
}

}  // namespace limp::wire
