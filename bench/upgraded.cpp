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
#include "bench/http2.hpp"
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

std::string read_exactly(int socket, std::size_t count) {
    std::string bytes(count, '\0');
    const ssize_t got = count == 0 ? 0 : ::recv(socket, bytes.data(), count, MSG_WAITALL);
    if (got != static_cast<ssize_t>(count)) throw std::runtime_error("the server closed the connection");
    return bytes;
}

struct Http2Frame {
    http2::FrameHead head;
    std::string payload;
};

Http2Frame next_frame(int socket) {
    const std::string bytes = read_exactly(socket, http2::frame_head_bytes);
    const http2::FrameHead head = http2::head_of(bytes);
    return {head, read_exactly(socket, head.length)};
}

void upgrade(int socket, const std::string& authority, const std::string& path) {
    send_all(
        socket, "GET " + path + " HTTP/1.1\r\nHost: " + authority +
                    "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    std::string head;
    while (!head.ends_with("\r\n\r\n")) head += next_byte(socket);
    if (!head.starts_with("HTTP/1.1 101")) throw std::runtime_error("no upgrade of " + path + ": " + head);
}

void open_stream(int socket, const std::string& authority, const std::string& path) {
    send_all(socket, http2::opening(authority, path));
    for (;;) {
        const Http2Frame frame = next_frame(socket);
        if (frame.head.type == http2::Type::settings && !frame.head.is_last) send_all(socket, http2::settings_ack());
        if (frame.head.type != http2::Type::headers) continue;
        if (!http2::is_200(frame.payload)) throw std::runtime_error("no WebSocket over HTTP/2 at " + path);
        return;
    }
}

}  // namespace

int connect(std::uint16_t port, const std::string& path, Over over) {
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

    const std::string authority = "127.0.0.1:" + std::to_string(port);
    over == Over::http2 ? open_stream(socket, authority, path) : upgrade(socket, authority, path);
    return socket;
}

std::string receive(int socket, Over over) {
    std::string bytes;
    for (;;) {
        if (over == Over::http1) {
            bytes += next_byte(socket);
        } else if (const Http2Frame frame = next_frame(socket); frame.head.type == http2::Type::data) {
            bytes += frame.payload;
        }
        std::span<char> left(bytes);
        if (const auto frame = take_frame(left)) return std::string(frame->payload);
    }
}

void join(int socket, const std::string& session, const std::string& token, Over over) {
    base::Hmac key(token);
    const std::string hash = wire::write_jws(R"({"token":")" + token + R"("})", key);
    const std::string call = masked_frame(
        R"({"endpoint":"session/reauth","query":{"_id":{"val":")" + session + R"("},"hash":{"val":")" + hash + R"("}}})"
    );
    send_all(socket, over == Over::http2 ? http2::in_data_frame(call) : call);
    const std::string answer = receive(socket, over);
    if (!answer.starts_with(R"({"status":200,)")) throw std::runtime_error("no reauth: " + answer);
}

}  // namespace limp::bench
