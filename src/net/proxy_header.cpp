#include "net/proxy_header.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "net/address.hpp"

namespace limp::net {
namespace {

constexpr std::string_view signature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t fixed_bytes = 16;

constexpr std::uint8_t version_2_local = 0x20;
constexpr std::uint8_t version_2_proxy = 0x21;
constexpr std::uint8_t tcp_over_v4 = 0x11;
constexpr std::uint8_t tcp_over_v6 = 0x21;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

// The first address of the block is the client's. As text in one spelling, an IPv4 address within IPv6 as such.
template <class Address>
std::string client_of(std::string_view block, int family) {
    Address address;
    std::memcpy(&address, block.data(), sizeof address);
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(family, &address, text.data(), text.size());
    return address_text(socket_address(text.data(), 0));
}

}  // namespace

ProxyHeader read_proxy_header(std::string_view received) {
    const ProxyHeader wrong{.state = ProxyHeader::State::wrong, .address = {}};
    if (!received.starts_with(signature.substr(0, std::min(signature.size(), received.size())))) return wrong;
    if (received.size() < fixed_bytes) return {};
    const std::size_t length = byte_at(received, 14) * 256U + byte_at(received, 15);
    ProxyHeader header{.state = ProxyHeader::State::complete, .bytes = fixed_bytes + length, .address = {}};
    const std::uint8_t command = byte_at(received, 12);
    if ((command != version_2_local && command != version_2_proxy) || header.bytes > ProxyHeader::bytes_max)
        return wrong;
    if (received.size() < header.bytes) return {};
    if (command == version_2_local) return header;

    const std::string_view block = received.substr(fixed_bytes, length);
    const std::uint8_t family = byte_at(received, 13);
    if (family == tcp_over_v4 && length >= 2 * (sizeof(in_addr) + sizeof(in_port_t))) {
        header.address = client_of<in_addr>(block, AF_INET);
    } else if (family == tcp_over_v6 && length >= 2 * (sizeof(in6_addr) + sizeof(in_port_t))) {
        header.address = client_of<in6_addr>(block, AF_INET6);
    } else {
        return wrong;
    }
    return header;
}

}  // namespace limp::net
