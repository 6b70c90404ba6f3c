// net/loopback.hpp: for tests: a server on threads of its own, and a client of plain system calls that can misbehave.
//
// A client that waits longer than ten seconds for bytes throws: a test that would hang fails.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "base/loop.hpp"
#include "net/address.hpp"
#include "net/descriptor.hpp"
#include "net/server.hpp"

namespace limp::net {

struct Frame {
    int opcode = 0;
    bool is_final = true;
    bool is_compressed = false;
    std::string payload;

    int close_code() const {
        if (opcode != 8 || payload.size() < 2) return 0;
        return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
    }
};

// A frame as a client sends it.
inline std::string client_frame(int opcode, std::string_view payload, bool is_final = true) {
    constexpr std::array<unsigned char, 4> mask = {0x12, 0x34, 0x56, 0x78};
    std::string frame(1, static_cast<char>((is_final ? 0x80 : 0) | opcode));
    const std::size_t size = payload.size();
    const int length_bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
    frame += static_cast<char>(0x80 | (length_bytes == 0 ? static_cast<int>(size) : length_bytes == 2 ? 126 : 127));
    for (int i = length_bytes - 1; i >= 0; --i) frame += static_cast<char>(size >> (8 * i) & 0xff);
    for (const unsigned char byte : mask) frame += static_cast<char>(byte);
    for (std::size_t i = 0; i < size; ++i) {
        frame += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask[i % 4]);
    }
    return frame;
}

inline std::string client_close(int code) {
    return client_frame(8, std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)});
}

class Client {
public:
    // `receive_bytes`: of the kernel's receive buffer, to be a slow reader; 0: the system's choice.
    explicit Client(std::uint16_t port, const std::string& address = "127.0.0.1", int receive_bytes = 0) {
        const SocketAddress where = socket_address(address, port);
        socket_ = Descriptor(::socket(where.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (receive_bytes > 0) {
            ::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
        }
        const timeval patience{.tv_sec = 10, .tv_usec = 0};
        ::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(socket_.number(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (::connect(socket_.number(), where.get(), where.length) != 0) {
            throw std::system_error(errno, std::system_category(), "connect");
        }
    }

    // False when the server has closed.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count < 0 && (errno == EPIPE || errno == ECONNRESET)) return false;
            if (count < 0) throw std::system_error(errno, std::system_category(), "send");
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    bool send_text(std::string_view text) { return send(client_frame(1, text)); }

    // Closes with a reset, as a peer does that is gone.
    void reset() {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(socket_.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        socket_.close();
    }

    void end_output() { ::shutdown(socket_.number(), SHUT_WR); }

    std::string read_exactly(std::size_t count) {
        while (received_.size() < count) {
            if (!receive()) throw std::runtime_error("the server closed; had received: " + received_);
        }
        return take(count);
    }

    std::string read_through(std::string_view end) {
        for (;;) {
            const auto place = received_.find(end);
            if (place != received_.npos) return take(place + end.size());
            if (!receive()) throw std::runtime_error("the server closed; had received: " + received_);
        }
    }

    // All that comes before the server closes, in whichever way; then closes, too, as the server waits for that.
    std::string read_to_end() {
        while (receive()) {
        }
        end_output();
        return take(received_.size());
    }

    // The head of an answer, and its body as long as Content-Length says.
    std::string read_answer() {
        std::string head = read_through("\r\n\r\n");
        const auto place = head.find("Content-Length: ");
        if (place == head.npos) return head;
        return head + read_exactly(std::stoul(head.substr(place + 16)));
    }

    Frame read_frame() {
        const auto byte = [&] { return static_cast<unsigned char>(read_exactly(1)[0]); };
        const int first = byte();
        std::size_t size = byte();
        for (int left = size == 126 ? 2 : size == 127 ? 8 : 0, begin = left; left > 0; --left) {
            size = (left == begin ? 0 : size << 8) | byte();
        }
        return {
            .opcode = first & 0xf,
            .is_final = (first & 0x80) != 0,
            .is_compressed = (first & 0x40) != 0,
            .payload = read_exactly(size),
        };
    }

    // Opens a WebSocket; the server's answer.
    std::string open(std::string_view more_headers = {}) {
        send(handshake(more_headers));
        return read_through("\r\n\r\n");
    }

    static std::string handshake(std::string_view more_headers = {}) {
        return "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n"
               "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
               std::string(more_headers) + "\r\n";
    }

private:
    std::string take(std::size_t count) {
        std::string result = received_.substr(0, count);
        received_.erase(0, count);
        return result;
    }

    bool receive() {
        std::array<char, 65536> buffer;
        const ssize_t count = ::recv(socket_.number(), buffer.data(), buffer.size(), 0);
        if (count < 0 && errno == EAGAIN) throw std::runtime_error("waited too long; had received: " + received_);
        if (count <= 0) return false;
        received_.append(buffer.data(), static_cast<std::size_t>(count));
        return true;
    }

    Descriptor socket_;
    std::string received_;
};

// Sends back what comes.
class EchoHandler : public SocketHandler {
public:
    explicit EchoHandler(Socket& socket) : socket_(socket) {}
    void on_text(std::string_view text) override { socket_.send_text(text); }
    void on_binary(std::string_view bytes) override { socket_.send_binary(bytes); }
    void on_stopping() override { socket_.close(1001); }
    void on_closed() override {}

protected:
    Socket& socket_;
};

// Holds up coroutines until a test lets one of them go on.
class Gate {
public:
    Task<> pass() {
        struct Awaiter {
            Gate& gate;
            bool await_ready() const noexcept { return false; }
            void await_suspend(std::coroutine_handle<> waiting) const {
                const std::lock_guard lock(gate.mutex_);
                gate.waiting_.push_back({waiting, &base::Loop::current()});
                gate.changed_.notify_all();
            }
            void await_resume() const noexcept {}
        };
        co_await Awaiter{*this};
    }

    // Lets the first one go on, once there is one.
    void open() {
        std::unique_lock lock(mutex_);
        wait_for(lock, 1);
        const Waiting first = waiting_.front();
        waiting_.erase(waiting_.begin());
        first.home->post([coroutine = first.coroutine] { coroutine.resume(); });
    }

    // Returns when so many wait.
    void await(std::size_t count) {
        std::unique_lock lock(mutex_);
        wait_for(lock, count);
    }

private:
    struct Waiting {
        std::coroutine_handle<> coroutine;
        base::Loop* home;
    };

    void wait_for(std::unique_lock<std::mutex>& lock, std::size_t count) {
        const auto enough = [&] { return waiting_.size() >= count; };
        if (!changed_.wait_for(lock, std::chrono::seconds(10), enough)) throw std::runtime_error("nobody waits");
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Waiting> waiting_;
};

// A file of letters that is nowhere; what was read of it is told.
struct Letters : Bytes::Source {
    explicit Letters(std::size_t count) : count(count) {}

    std::size_t size() const override { return count; }
    void read(std::size_t offset, std::span<char> into) const override {
        if (offset + into.size() > broken_at) throw std::runtime_error("broken");
        for (char& letter : into) letter = at(offset++);
        read_to = offset;
    }
    static char at(std::size_t offset) { return static_cast<char>('a' + offset / 1000 % 26); }
    static std::string text(std::size_t count) {
        std::string text(count, '\0');
        for (std::size_t i = 0; i < count; ++i) text[i] = at(i);
        return text;
    }

    const std::size_t count;
    std::size_t broken_at = SIZE_MAX;
    mutable std::atomic<std::size_t> read_to = 0;
};

// Lets everybody in and answers every request with its method, target and body. Tests exchange the parts.
struct TestDoorkeeper : Doorkeeper {
    std::function<std::unique_ptr<SocketHandler>(Socket&)> make_handler = [](Socket& socket) {
        return std::make_unique<EchoHandler>(socket);
    };
    std::function<HttpResponse(const HttpRequest&, const Peer&)> reply = [](const HttpRequest& request, const Peer&) {
        HttpResponse response;
        response.body = request.method + " " + request.target + " " + request.body;
        return response;
    };
    std::string gate_target = {};  // requests for it wait at the gate
    Gate gate = {};
    std::size_t message_bytes = 1024 * 1024;

    Entry enter(const HttpRequest& request, const Peer&, const std::vector<std::string>& offered) override {
        Entry entry;
        entry.message_bytes = message_bytes;
        if (request.target != "/ws") {
            entry.refusal.status = 404;
            return entry;
        }
        entry.make_handler = make_handler;
        if (!offered.empty()) entry.subprotocol = offered.front();
        return entry;
    }
    Task<HttpResponse> answer(const HttpRequest& request, const Peer& peer) override {
        if (request.target == gate_target) co_await gate.pass();
        co_return reply(request, peer);
    }
};

inline Options loopback_options() {
    Options options;
    options.address = "127.0.0.1";
    options.port = 0;
    return options;
}

class TestServer {
public:
    explicit TestServer(
        Doorkeeper& doorkeeper, const Options& options = loopback_options(), std::size_t loop_count = 1
    ) {
        std::vector<base::Loop*> pointers;
        for (std::size_t i = 0; i < loop_count; ++i) {
            pointers.push_back(loops_.emplace_back(std::make_unique<base::Loop>()).get());
        }
        server_ = std::make_unique<Server>(options, doorkeeper, pointers);
        server_->start();
        for (base::Loop* loop : pointers) threads_.emplace_back([loop] { loop->run(); });
    }

    ~TestServer() {
        if (server_) stop(std::chrono::milliseconds(0)).wait();
        for (const auto& loop : loops_) loop->stop();
        for (std::thread& thread : threads_) thread.join();
    }

    std::uint16_t port() const { return server_->port(); }
    base::Loop& loop() { return *loops_.front(); }
    Server& server() { return *server_; }

    // Ready when all connections are gone.
    std::shared_future<void> stop(std::chrono::milliseconds grace) {
        if (!stopped_.valid()) {
            auto promise = std::make_shared<std::promise<void>>();
            stopped_ = promise->get_future().share();
            server_->stop(grace, [promise] { promise->set_value(); });
        }
        return stopped_;
    }

private:
    std::vector<std::unique_ptr<base::Loop>> loops_;
    std::unique_ptr<Server> server_;
    std::vector<std::thread> threads_;
    std::shared_future<void> stopped_;
};

}  // namespace limp::net
