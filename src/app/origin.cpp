#include "app/origin.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace limp::app {

namespace {

// "https://app.example.com:8443" → "app.example.com:8443"; empty when it is no origin of a page.
std::string_view authority_of(std::string_view origin) {
    const std::size_t scheme = origin.find("://");
    return scheme == origin.npos ? std::string_view() : origin.substr(scheme + 3);
}

bool is_loopback(std::string_view authority) {
    if (authority.starts_with("[::1]")) return authority.size() == 5 || authority[5] == ':';
    const std::string_view host = authority.substr(0, authority.find(':'));
    if (host == "localhost") return true;
    // Digits and dots only: "127.0.0.1.evil.example" is a name, not an address.
    return host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos;
}

}  // namespace

bool is_allowed_origin(
    std::string_view origin, std::string_view host, bool is_dev, std::span<const std::string> allowed
) {
    if (origin.empty()) return true;
    const std::string wanted = base::to_lower(origin);
    const std::string_view authority = authority_of(wanted);
    if (!authority.empty() && authority == base::to_lower(host)) return true;
    if (is_dev && is_loopback(authority)) return true;
    return std::ranges::any_of(allowed, [&](const std::string& one) {
        return one == "*" || base::to_lower(one) == wanted;
    });
}

}  // namespace limp::app
