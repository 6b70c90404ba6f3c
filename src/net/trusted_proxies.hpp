// net/trusted_proxies.hpp: the proxies that are believed when they say whom they speak for.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace limp::net {

class TrustedProxies {
public:
    TrustedProxies() = default;  // none

    // Each is an address or a network: "127.0.0.1", "10.0.0.0/8", "fd00::/8". Throws std::invalid_argument for text
    // that is neither; what() quotes it and says what would be right.
    explicit TrustedProxies(const std::vector<std::string>& networks);

    bool trusts(std::string_view address) const;

    // Who asks, when `address` does and the elements of X-Forwarded-For are these: the last of them that is no trusted
    // proxy, for what stands before it anybody may have written. `address` itself when that is not trusted, or when
    // nothing is said.
    std::string client(std::string address, const std::vector<std::string>& forwarded_for) const;

private:
    // An IPv4 address as IPv6 has it, ::ffff:192.0.2.7.
    using Bytes = std::array<std::uint8_t, 16>;
    struct Network {
        Bytes bytes;
        unsigned bits;
    };
    static Network read_network(const std::string& text);

    std::vector<Network> networks_;
};

}  // namespace limp::net
