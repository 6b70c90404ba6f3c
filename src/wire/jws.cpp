#include "wire/jws.hpp"

#include "base/base64.hpp"
#include "base/json.hpp"

namespace limp::wire {
namespace {

// base64url of {"alg":"HS256","typ":"JWT"} and of {"typ":"JWT","alg":"HS256"}: what nearly everyone sends.
constexpr std::string_view our_header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
constexpr std::string_view other_order = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9";

constexpr std::size_t header_part_max = 1'366;  // 1,024 bytes decoded
constexpr std::size_t signature_part = 43;      // 32 bytes
constexpr base::JsonLimits header_limits{.depth = 8, .values = 64};

bool says_hs256(const Value& header) {
    const Value* alg = header.find("alg");
    const Value* typ = header.find("typ");
    // "crit" lists extensions that must be understood (RFC 7515 §4.1.11), and none is.
    const bool has_crit = header.find("crit") != nullptr;
    return alg && alg->is_string() && alg->string() == "HS256" && (!typ || typ->is_string()) && !has_crit;
}

bool is_accepted_header(std::string_view part) {
    if (part == our_header || part == other_order) return true;
    if (part.size() > header_part_max) return false;
    const auto text = base::from_base64url(part);
    if (!text) return false;
    try {
        return says_hs256(base::parse_json(*text, header_limits));
    } catch (const base::JsonError&) {
        return false;
    }
}

}  // namespace

std::optional<Jws> read_jws(std::string_view text) {
    const std::size_t first = text.find('.');
    const std::size_t last = text.rfind('.');
    if (first == last || text.size() - last - 1 != signature_part) return std::nullopt;
    if (!is_accepted_header(text.substr(0, first))) return std::nullopt;

    // A third dot would be a foreign character in the payload.
    const std::string_view payload_part = text.substr(first + 1, last - first - 1);
    auto payload = base::from_base64url(payload_part);
    auto signature = base::from_base64url(text.substr(last + 1));
    if (!payload || !signature) return std::nullopt;
    return Jws{text.substr(0, last), payload_part, std::move(*payload), std::move(*signature)};
}

std::string write_jws(std::string_view payload, base::Hmac& key) {
    std::string text(our_header);
    text += '.';
    text += base::to_base64url(payload);
    const std::string signature = key.sign(text);
    text += '.';
    text += base::to_base64url(signature);
    return text;
}

}  // namespace limp::wire
