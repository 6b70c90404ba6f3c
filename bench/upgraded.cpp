#include "bench/upgraded.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <span>
#include <stdexcept>
#include <system_error>

#include "base/hmac.hpp"
#include "bench/frame.hpp"
#include "wire/jws.hpp"

namespace limp::bench {

namespace {

void send_all(int socket, const std::string& bytes) {
    if (::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
        throw std::system_error(errno, std::generic_category(), "send");
}

// A byte at a time: what comes behind belongs to the next who reads.
char next_byte(int socket) {
    char byte = 0;
    const ssize_t got = ::recv(socket, &byte, 1, 0);
    if (got < 0) throw std::system_error(errno, std::generic_category(), "recv");
    if (got == 0) throw std::runtime_error("the server closed the connection");
    return byte;
}

}  // namespace

int connect(std::uint16_t port, const std::string& path) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    if (socket < 0) throw std::system_error(errno, std::generic_category(), "socket");
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience{.tv_sec = 30, .tv_usec = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
        throw std::system_error(errno, std::generic_category(), "connect to port " + std::to_string(port));

    send_all(
        socket, "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                    "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    std::string head;
    while (!head.ends_with("\r\n\r\n")) head += next_byte(socket);
    if (!head.starts_with("HTTP/1.1 101")) throw std::runtime_error("no upgrade of " + path + ": " + head);
    return socket;
}

std::string receive(int socket) {
    std::string bytes;
    for (;;) {
        bytes += next_byte(socket);
        std::span<char> left(bytes);
        if (const auto frame = take_frame(left)) return std::string(frame->payload);
    }
}

void join(int socket, const std::string& session, const std::string& token) {
    base::Hmac key(token);
    const std::string hash = wire::write_jws(R"({"token":")" + token + R"("})", key);
    send_all(
        socket, masked_frame(
                    R"({"endpoint":"session/reauth","query":{"_id":{"val":")" + session + R"("},"hash":{"val":")" +
                    hash + R"("}}})"
                )
    );
    const std::string answer = receive(socket);
    if (!answer.starts_with(R"({"status":200,)")) throw std::runtime_error("no reauth: " + answer);
}

}  // namespace limp::bench
