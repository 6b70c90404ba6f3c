// The types that are a text of a certain shape. Every pattern must fit the whole text; RE2 needs time in proportion to
// the text's length whatever the text is.
#include <arpa/inet.h>
#include <re2/re2.h>

#include <array>
#include <charconv>
#include <string>

#include "base/text.hpp"
#include "types/converters.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

const std::string& text_of(const Value& value, std::string_view wanted) {
    if (!value.is_string()) throw not_that(wanted, value);
    return value.string();
}

TypeError wrong_shape(std::string_view wanted, const std::string& text) {
    return TypeError("", std::string(wanted) + "; it is " + base::in_quotes(text));
}

bool is_port(std::string_view text) {
    int port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    return port >= 1 && port <= 65'535;
}

// The address of that family as the system writes it; empty when the text is none. Requires: text without NUL.
std::string canonical_ip(int family, const std::string& text) {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    std::array<char, INET6_ADDRSTRLEN> written{};
    if (inet_pton(family, text.c_str(), address.data()) != 1) return {};
    return inet_ntop(family, address.data(), written.data(), written.size());
}

}  // namespace

Value convert_email(const Value& value) {
    static const re2::RE2 pattern(R"([^@\s[:cntrl:]]+@[^@.\s[:cntrl:]]+(?:\.[^@.\s[:cntrl:]]+)+)");
    constexpr std::string_view wanted = "must be an e-mail address like \"name@example.com\"";
    const std::string& text = text_of(value, wanted);
    if (!re2::RE2::FullMatch(text, pattern)) throw wrong_shape(wanted, text);
    return value;
}

Value convert_phone(const Value& value) {
    static const re2::RE2 pattern(R"(\+[0-9]{1,15})");
    constexpr std::string_view wanted = "must be a phone number: \"+\" and 1 to 15 digits, like \"+971500000000\"";
    const std::string& text = text_of(value, wanted);
    if (!re2::RE2::FullMatch(text, pattern)) throw wrong_shape(wanted, text);
    return value;
}

Value convert_uri_web(const Value& value) {
    // RFC 3986 without user information: who it names is not who it looks like.
    static const re2::RE2 pattern(R"((?i:https?)://)"
                                  R"((?:(?i:localhost)|)"
                                  R"([\pL\pN_](?:[\pL\pN_-]*[\pL\pN_])?(?:\.[\pL\pN_](?:[\pL\pN_-]*[\pL\pN_])?)+|)"
                                  R"(\[[0-9A-Fa-f:.]+\]))"
                                  R"((?::([0-9]{1,5}))?)"
                                  R"((?:/[^\s[:cntrl:]<>"\\^`{|}?#]*)?)"
                                  R"((?:\?[^\s[:cntrl:]<>"\\^`{|}#]*)?)"
                                  R"((?:#[^\s[:cntrl:]<>"\\^`{|}]*)?)");
    constexpr std::string_view wanted = "must be a web address like \"https://example.com/page?x=1\"";
    const std::string& text = text_of(value, wanted);
    std::string port;
    if (!re2::RE2::FullMatch(text, pattern, &port) || (!port.empty() && !is_port(port)))
        throw wrong_shape(wanted, text);
    return value;
}

Value convert_ip(const Value& value) {
    constexpr std::string_view wanted = "must be an IP address like \"192.0.2.7\" or \"2001:db8::7\"";
    const std::string& text = text_of(value, wanted);
    if (text.find('\0') != std::string::npos) throw wrong_shape(wanted, text);
    std::string address = canonical_ip(AF_INET, text);
    if (address.empty()) address = canonical_ip(AF_INET6, text);
    if (address.empty()) throw wrong_shape(wanted, text);
    return address;
}

}  // namespace limp::types
