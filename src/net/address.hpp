// net/address.hpp: IP addresses, between text and what the system takes.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

namespace limp::net {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = sizeof(sockaddr_storage);

    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// "0.0.0.0", "192.0.2.7", "::1". Throws std::system_error for text that is no address.
SocketAddress socket_address(const std::string& address, std::uint16_t port);

// Without the port. An IPv4 address that came by an IPv6 socket ("::ffff:192.0.2.7") is "192.0.2.7", so that one peer
// has one name.
std::string address_text(const SocketAddress& address);

std::uint16_t port_of(const SocketAddress& address);

}  // namespace limp::net
