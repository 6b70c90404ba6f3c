// The physical limit: a WebSocket echo with nothing between epoll and the frames. One thread, one read buffer for all
// connections, and what one read brought is answered in one send.
//
//     bench_echo        prints the port that it listens on, and serves until it is ended
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "bench/frame.hpp"
#include "wire/websocket.hpp"

namespace limp::bench {

namespace {

int checked(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
}

struct Connection {
    bool is_upgraded = false;
    std::string leftover;  // the beginning of a frame, or of the request
};

class EchoServer {
public:
    EchoServer() : epoll_(checked(::epoll_create1(0), "epoll_create1")), listening_(listen()) { watch(listening_); }

    std::uint16_t port() const {
        sockaddr_in address{};
        socklen_t length = sizeof address;
        checked(::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
        return ntohs(address.sin_port);
    }

    [[noreturn]] void run() {
        std::array<epoll_event, 512> events;
        for (;;) {
            const int count = ::epoll_wait(epoll_, events.data(), events.size(), -1);
            for (int i = 0; i < count; ++i) {
                const int socket = events[static_cast<std::size_t>(i)].data.fd;
                if (socket == listening_) {
                    accept();
                } else if (!serve(socket)) {
                    ::close(socket);
                }
            }
        }
    }

private:
    static int listen() {
        const int socket = checked(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        checked(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
        checked(::listen(socket, SOMAXCONN), "listen");
        return socket;
    }

    void watch(int socket) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = socket;
        checked(::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event), "epoll_ctl");
    }

    void accept() {
        const int socket = ::accept4(listening_, nullptr, nullptr, SOCK_NONBLOCK);
        if (socket < 0) return;
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const auto place = static_cast<std::size_t>(socket);
        if (connections_.size() <= place) connections_.resize(place + 1);
        connections_[place] = {};
        watch(socket);
    }

    // Whether the connection goes on.
    bool serve(int socket) {
        Connection& connection = connections_[static_cast<std::size_t>(socket)];
        const std::size_t kept = connection.leftover.copy(buffer_.data(), buffer_.size());
        const ssize_t got = ::recv(socket, buffer_.data() + kept, buffer_.size() - kept, 0);
        if (got <= 0) return got < 0 && errno == EAGAIN;
        std::span<char> bytes(buffer_.data(), kept + static_cast<std::size_t>(got));
        out_.clear();
        if (!connection.is_upgraded) {
            if (!upgrade(connection, bytes)) return false;
        } else {
            while (const auto frame = take_frame(bytes)) {
                if (frame->opcode == Frame::close) return false;
                append_frame(out_, frame->opcode, frame->payload);
            }
        }
        connection.leftover.assign(bytes.data(), bytes.size());
        return send_all(socket);
    }

    bool upgrade(Connection& connection, std::span<char>& bytes) {
        const std::string_view request(bytes.data(), bytes.size());
        if (!request.ends_with("\r\n\r\n")) return true;
        constexpr std::string_view name = "Sec-WebSocket-Key: ";
        const std::size_t place = request.find(name);
        if (place == std::string_view::npos) return false;
        const std::string_view key = request.substr(place + name.size());
        const auto accept = wire::accept_key(key.substr(0, key.find('\r')));
        if (!accept) return false;
        out_ =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
            *accept + "\r\n\r\n";
        connection.is_upgraded = true;
        bytes = {};
        return true;
    }

    // Who has more in flight than a socket holds is no client for measuring, and is cut off.
    bool send_all(int socket) const {
        if (out_.empty()) return true;
        return ::send(socket, out_.data(), out_.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(out_.size());
    }

    int epoll_;
    int listening_;
    std::vector<Connection> connections_;  // by socket
    std::vector<char> buffer_ = std::vector<char>(buffer_bytes);
    std::string out_;
};

}  // namespace

}  // namespace limp::bench

int main() {
    try {
        limp::bench::EchoServer server;
        std::printf("%d\n", server.port());
        std::fflush(stdout);
        server.run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_echo: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
