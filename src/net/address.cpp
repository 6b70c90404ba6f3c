#include "net/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstring>
#include <system_error>

namespace limp::net {
namespace {

// The system's address structures share memory by their design; copying is how to look at one without aliasing.
template <class Address>
Address as(const SocketAddress& address) {
    Address copy;
    std::memcpy(&copy, &address.storage, sizeof copy);
    return copy;
}

template <class Address>
SocketAddress from(const Address& address) {
    SocketAddress result;
    std::memcpy(&result.storage, &address, sizeof address);
    result.length = sizeof address;
    return result;
}

template <class Address>
std::string text(int family, const Address& address) {
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    return inet_ntop(family, &address, buffer.data(), buffer.size());
}

}  // namespace

SocketAddress socket_address(const std::string& address, std::uint16_t port) {
    sockaddr_in v4{};
    if (inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        return from(v4);
    }
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        return from(v6);
    }
    throw std::system_error(
        std::make_error_code(std::errc::invalid_argument), "'" + address + "' is not an IPv4 or IPv6 address"
    );
}

std::string address_text(const SocketAddress& address) {
    if (address.storage.ss_family == AF_INET) return text(AF_INET, as<sockaddr_in>(address).sin_addr);
    const auto v6 = as<sockaddr_in6>(address).sin6_addr;
    if (!IN6_IS_ADDR_V4MAPPED(&v6)) return text(AF_INET6, v6);
    in_addr v4{};
    std::memcpy(&v4, &v6.s6_addr[12], sizeof v4);
    return text(AF_INET, v4);
}

std::uint16_t port_of(const SocketAddress& address) {
    if (address.storage.ss_family == AF_INET) return ntohs(as<sockaddr_in>(address).sin_port);
    return ntohs(as<sockaddr_in6>(address).sin6_port);
}

}  // namespace limp::net
