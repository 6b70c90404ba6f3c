// net/server.hpp: the doors: listening sockets, TLS, HTTP/1.1, HTTP/2, WebSockets over both.
//
// The server knows bytes, frames and HTTP; what a message means is the business of the Doorkeeper that it is given.
//
// Threads  One loop a thread, each with an acceptor of its own on the same port (SO_REUSEPORT). A connection, its
//          SocketHandler and all their calls stay on one thread.
// Limits   All of them in Options, on by default. Past one: a close with its code, or an HTTP error, and bounded
// memory.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/loop.hpp"
#include "limp/bytes.hpp"
#include "limp/session.hpp"
#include "limp/task.hpp"
#include "net/trusted_proxies.hpp"

namespace limp::net {

class TlsContext;

// One WebSocket, as its handler sees it. Valid until SocketHandler::on_closed.
class Socket {
public:
    virtual ~Socket() = default;

    // Sent with everything else that is ready at the end of this turn of the loop. A peer that does not read, so that
    // more than Options::send_bytes wait, is closed with 1013.
    virtual void send_text(std::string_view text) = 0;
    virtual void send_binary(std::string_view bytes) = 0;

    // Stops, and goes on with, handing out messages. While paused nothing more is read from the peer than one buffer.
    virtual void pause() = 0;
    virtual void resume() = 0;

    // Sends a close frame with that code, then closes.
    virtual void close(std::uint16_t code, std::string_view reason = {}) = 0;

    virtual const Peer& peer() const = 0;
    virtual base::Loop& loop() = 0;
};

// What is done with the messages of one WebSocket. Made by the Doorkeeper, owned by the connection.
class SocketHandler {
public:
    virtual ~SocketHandler() = default;
    virtual void on_text(std::string_view text) = 0;
    virtual void on_binary(std::string_view bytes) = 0;

    // The server is stopping: answer what is in flight, then call Socket::close(1001). No more messages come.
    virtual void on_stopping() = 0;

    // The connection is gone. Socket must not be used from here on; the handler is destroyed right after, so work that
    // is still under way must not refer to it.
    virtual void on_closed() = 0;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method;
    std::string target;  // as sent: "/ws?x=1"
    Headers headers;     // names in lower case; the authority of HTTP/2 is the one "host"
    std::string body;
};

struct HttpResponse {
    int status = 200;
    std::string type = "application/json; charset=utf-8";
    std::string body = {};
    Headers headers = {};
    std::optional<Bytes> file = {};  // in place of the body: read piece by piece, as the client takes it
};

// Decides who comes in, by which path.
class Doorkeeper {
public:
    virtual ~Doorkeeper() = default;

    struct Entry {
        // nullptr: `refusal` is the HTTP answer instead.
        std::function<std::unique_ptr<SocketHandler>(Socket&)> make_handler;
        std::string subprotocol;  // chosen of those offered; empty: none
        std::size_t message_bytes = 4 * 1024 * 1024;
        bool compress = true;  // permessage-deflate when the client offers it
        HttpResponse refusal;
    };

    // A WebSocket handshake that is right as far as RFC 6455 or RFC 8441 go. `offered`: the subprotocols.
    virtual Entry enter(const HttpRequest& request, const Peer& peer, const std::vector<std::string>& offered) = 0;

    // Any other request. (A request to upgrade that is wrong never gets here; the server answers it with 400 or 426.)
    // Request and peer stay until the task has ended, which it may do when the connection is long gone.
    virtual Task<HttpResponse> answer(const HttpRequest& request, const Peer& peer) = 0;
};

struct Options {
    std::string address = "0.0.0.0";
    std::uint16_t port = 8081;  // 0: any free one, see Server::port()
    std::size_t connections_max = 10'000;
    std::size_t connections_per_address_max = 1'000;
    std::chrono::milliseconds handshake_timeout{10'000};  // from accept to a complete request
    std::chrono::milliseconds ping_every{30'000};         // to a WebSocket that was silent that long
    std::chrono::milliseconds idle_timeout{90'000};       // silent that long, pings unanswered: closed with 1001
    std::chrono::milliseconds close_timeout{5'000};       // for the peer's side of a close, and for stopping
    std::size_t send_bytes = 16 * 1024 * 1024;            // that may wait for a peer that reads slowly
    std::size_t header_bytes = 16 * 1024;
    std::size_t body_bytes = 1024 * 1024;
    std::size_t control_frames_per_second = 100;  // pings and pongs from a peer; past it: close 1008, or GOAWAY
    std::uint32_t streams_max = 100;              // of one HTTP/2 connection, open at a time
    std::shared_ptr<const TlsContext> tls;        // null: connections are plain
    TrustedProxies trusted_proxies;               // whose X-Forwarded-For is believed
    bool proxy_protocol = false;  // each connection is from one of those, and begins with a header of PROXY version 2
};

class Server {
public:
    // Binds at once: throws std::system_error with what the system says (address in use, permission denied).
    // The doorkeeper, which is called on each of the loops, and the loops (one at least) outlive the server.
    Server(const Options& options, Doorkeeper& doorkeeper, std::vector<base::Loop*> loops);

    // Requires: `done` of stop() has run, or no loop runs.
    ~Server();

    std::uint16_t port() const;

    // Begins to accept, on every loop.
    void start();

    // Any thread: connections from here on are opened with that certificate; those that are open go on as they are.
    // Requires: Options::tls was set.
    void use_tls(const std::shared_ptr<const TlsContext>& tls);

    // Any thread: no more accepting; every handler is told; `done` runs, on some loop's thread, when all connections
    // are gone, at the latest after `grace`, when those that are left have been cut off. Call once.
    void stop(std::chrono::milliseconds grace, std::function<void()> done);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace limp::net
