#include "net/listening_sockets.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "net/address.hpp"

namespace limp::net {
namespace {

enum class Sharing { alone, with_other_loops };

[[noreturn]] void fail(const std::string& address, std::uint16_t port) {
    throw std::system_error(
        errno, std::system_category(), "cannot listen on " + address + " port " + std::to_string(port)
    );
}

Descriptor bind_to(const std::string& address, std::uint16_t port, Sharing sharing) {
    const SocketAddress where = socket_address(address, port);
    Descriptor socket(::socket(where.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    const auto set = [&](int option) { return ::setsockopt(socket.number(), SOL_SOCKET, option, &on, sizeof on) == 0; };
    // SO_REUSEADDR: a restart need not wait for the old connections' TIME_WAIT.
    const bool bound = socket.is_open() && set(SO_REUSEADDR) && (sharing == Sharing::alone || set(SO_REUSEPORT)) &&
                       ::bind(socket.number(), where.get(), where.length) == 0;
    if (!bound) fail(address, port);
    return socket;
}

std::uint16_t bound_port(const Descriptor& socket) {
    SocketAddress where;
    ::getsockname(socket.number(), where.get(), &where.length);
    return port_of(where);
}

}  // namespace

ListeningSockets listen_on(const std::string& address, std::uint16_t port, std::size_t count) {
    const Sharing sharing = count > 1 ? Sharing::with_other_loops : Sharing::alone;
    // With SO_REUSEPORT two daemons of one user would share the port, and each get half of the clients, without a
    // word. So a bind without it goes first: that one fails when anybody listens there.
    if (sharing == Sharing::with_other_loops) bind_to(address, port, Sharing::alone);

    ListeningSockets result{.sockets = {}, .port = port};
    while (result.sockets.size() < count) {
        result.sockets.push_back(bind_to(address, result.port, sharing));
        result.port = bound_port(result.sockets.back());
    }
    for (const Descriptor& socket : result.sockets) {
        if (::listen(socket.number(), SOMAXCONN) != 0) fail(address, result.port);
    }
    return result;
}

}  // namespace limp::net
