#include "net/trusted_proxies.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <stdexcept>

namespace limp::net {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr unsigned v4_offset_bits = 96;

std::optional<Bytes> read_address(const std::string& text) {
    Bytes bytes{};
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
    if (inet_pton(AF_INET, text.c_str(), bytes.data() + 12) != 1) return std::nullopt;
    bytes[10] = bytes[11] = 0xff;
    return bytes;
}

std::string address_of(const Bytes& bytes) {
    const bool is_v4 =
        std::ranges::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t byte) { return !byte; }) &&
        bytes[10] == 0xff && bytes[11] == 0xff;
    std::array<char, INET6_ADDRSTRLEN> text{};
    return inet_ntop(is_v4 ? AF_INET : AF_INET6, bytes.data() + (is_v4 ? 12 : 0), text.data(), text.size());
}

// "192.0.2.7", and with a port, as some proxies write it: "192.0.2.7:4711", "[2001:db8::7]:4711".
std::optional<Bytes> read_hop(std::string text) {
    if (text.starts_with('[')) {
        text = text.substr(1, text.find(']') - 1);
    } else if (std::ranges::count(text, ':') == 1) {
        text.resize(text.find(':'));
    }
    return read_address(text);
}

bool begin_alike(const Bytes& one, const Bytes& other, unsigned bits) {
    if (std::memcmp(one.data(), other.data(), bits / 8) != 0) return false;
    const unsigned rest = bits % 8;
    return rest == 0 || (one[bits / 8] ^ other[bits / 8]) >> (8 - rest) == 0;
}

}  // namespace

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
    for (const std::string& text : networks) networks_.push_back(read_network(text));
}

TrustedProxies::Network TrustedProxies::read_network(const std::string& text) {
    const auto wrong = [&](const std::string& why) {
        return std::invalid_argument(
            "\"" + text + "\" " + why + R"(: write an address or a network, as in "127.0.0.1" or "10.0.0.0/8")"
        );
    };
    const std::size_t slash = text.find('/');
    const std::optional<Bytes> bytes = read_address(text.substr(0, slash));
    if (!bytes) throw wrong("has no IP address");
    if (slash == text.npos) return {*bytes, 128};

    const bool is_v4 = text.find(':') == text.npos;
    unsigned bits = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data() + slash + 1, end, bits);
    if (error != std::errc() || stopped != end || bits > (is_v4 ? 32 : 128)) throw wrong("has no such network");
    return {*bytes, is_v4 ? bits + v4_offset_bits : bits};
}

bool TrustedProxies::trusts(std::string_view address) const {
    if (networks_.empty()) return false;
    const std::optional<Bytes> bytes = read_address(std::string(address));
    return bytes && std::ranges::any_of(networks_, [&](const Network& network) {
               return begin_alike(*bytes, network.bytes, network.bits);
           });
}

std::string TrustedProxies::client(std::string address, const std::vector<std::string>& forwarded_for) const {
    auto next = forwarded_for.rbegin();
    while (next != forwarded_for.rend() && trusts(address)) {
        const std::optional<Bytes> hop = read_hop(*next++);
        if (!hop) break;  // "unknown", or nonsense: whoever wrote it is the last that is known
        address = address_of(*hop);
    }
    return address;
}

}  // namespace limp::net
