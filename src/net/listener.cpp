#include "net/listener.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "base/log.hpp"
#include "net/address.hpp"

namespace limp::net {
namespace {

constexpr int accepts_per_turn = 64;  // so that a storm of connects does not starve those who are in
constexpr std::chrono::milliseconds rest_after_error{100};

// The one connection failed that was to be accepted, not accepting as such (accept(2), "Error handling").
bool concerns_one_connection(int error) {
    switch (error) {
        case EINTR:
        case ECONNABORTED:
        case EPROTO:
        case ENETDOWN:
        case ENOPROTOOPT:
        case EHOSTDOWN:
        case ENONET:
        case EHOSTUNREACH:
        case EOPNOTSUPP:
        case ENETUNREACH:
            return true;
        default:
            return false;
    }
}

}  // namespace

Listener::Listener(base::Loop& loop, Poller& poller, Descriptor socket, Accepted accepted)
    : loop_(loop), poller_(poller), socket_(std::move(socket)), accepted_(std::move(accepted)) {}

void Listener::start() {
    poller_.watch(socket_.number(), *this, {.read = true});
}

void Listener::stop() {
    if (!socket_.is_open()) return;
    poller_.forget(socket_.number(), *this);
    socket_.close();
}

void Listener::on_ready(Readiness) {
    for (int i = 0; i < accepts_per_turn; ++i) {
        SocketAddress peer;
        Descriptor accepted(::accept4(socket_.number(), peer.get(), &peer.length, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (accepted.is_open()) {
            accepted_(std::move(accepted), address_text(peer));
        } else if (errno == EAGAIN) {
            return;
        } else if (!concerns_one_connection(errno)) {
            return rest();
        }
    }
}

// Out of descriptors or memory: the connection stays in the system's queue and would be announced again at once, so
// look away until some have gone.
void Listener::rest() {
    base::log_error("net", "cannot accept connections", {{"reason", std::system_category().message(errno)}});
    poller_.change(socket_.number(), *this, {});
    loop_.after(rest_after_error, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (self && self->socket_.is_open()) self->poller_.change(self->socket_.number(), *self, {.read = true});
    });
}

}  // namespace limp::net
