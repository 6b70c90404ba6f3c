#include "bench/generator.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>

#include "bench/frame.hpp"
#include "bench/http2.hpp"
#include "bench/server_cpu.hpp"

namespace limp::bench {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

// Between two looks at the clock lies less work than that. What takes longer was stolen: by another process, or by the
// host from under the machine.
constexpr nanoseconds gap{50'000};

// How long answers may be on their way when nothing is sent any more, and how long one too many is waited for.
constexpr std::chrono::seconds patience{5};
constexpr std::chrono::milliseconds surplus{50};

struct Sent {
    std::size_t message;
    Clock::time_point at;
};

// What is in flight, in the order in which it was sent.
class Ring {
public:
    explicit Ring(std::size_t depth) : sent_(depth) {}
    std::size_t size() const { return size_; }
    const Sent& front() const { return sent_[first_]; }
    void push(Sent sent) { sent_[(first_ + size_++) % sent_.size()] = sent; }
    void pop() {
        first_ = (first_ + 1) % sent_.size();
        --size_;
    }

private:
    std::vector<Sent> sent_;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
};

struct Connection {
    int socket;
    Ring in_flight;
    std::string leftover;         // the beginning of a frame
    std::size_t leftover_data{};  // of it, over HTTP/2, that a frame of HTTP/2 has carried; the rest begins another
};

class Generator {
public:
    Generator(const std::vector<int>& sockets, const Messages& messages, const Load& load)
        : messages_(messages), load_(load), epoll_(::epoll_create1(0)), waiting_(messages.size()) {
        for (const int socket : sockets)
            connections_.push_back({.socket = socket, .in_flight = Ring(load.depth), .leftover = {}});
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            ::fcntl(connections_[i].socket, F_SETFL, O_NONBLOCK);
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u64 = i;
            ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[i].socket, &event);
        }
    }

    ~Generator() { ::close(epoll_); }
    Generator(const Generator&) = delete;
    Generator& operator=(const Generator&) = delete;

    Measured run() {
        now_ = Clock::now();
        for (Connection& connection : connections_) send(connection, load_.depth);
        turn_until(now_ + load_.warmup);
        begin_window();
        turn_until(now_ + load_.window);
        end_window();
        drain();
        return measured_;
    }

private:
    void begin_window() {
        measured_ = {};
        began_ = now_ = Clock::now();
        measured_.server_ns = -cpu_ns(load_.server);
        measured_.own_ns = -cpu_ns(::getpid());
    }

    void end_window() {
        measured_.server_ns += cpu_ns(load_.server);
        measured_.own_ns += cpu_ns(::getpid());
        measured_.window = now_ - began_;
        is_sending_ = false;
    }

    // The answers to what is in flight still come, and belong to nothing that was measured.
    void drain() {
        const Measured measured = measured_;
        turn_until(now_ + patience);
        if (in_flight_ > 0) throw std::runtime_error(std::to_string(in_flight_) + " answers are missing");
        turn(surplus);
        measured_ = measured;
    }

    void turn_until(Clock::time_point end) {
        while (now_ < end && in_flight_ > 0)
            turn(std::chrono::duration_cast<std::chrono::milliseconds>(end - now_) + std::chrono::milliseconds(1));
    }

    void turn(std::chrono::milliseconds wait) {
        std::array<epoll_event, 512> events;
        const int count = ::epoll_wait(epoll_, events.data(), events.size(), static_cast<int>(wait.count()));
        now_ = Clock::now();
        for (int i = 0; i < count; ++i) receive(connections_[events[static_cast<std::size_t>(i)].data.u64]);
    }

    void receive(Connection& connection) {
        const std::size_t kept = connection.leftover.copy(buffer_.data(), buffer_.size());
        const ssize_t got = ::recv(connection.socket, buffer_.data() + kept, buffer_.size() - kept, 0);
        if (got == 0) throw std::runtime_error("the server closed a connection");
        if (got < 0) {
            if (errno == EAGAIN) return;
            throw std::system_error(errno, std::generic_category(), "recv");
        }
        look_at_clock();
        std::span<char> bytes(buffer_.data(), kept + static_cast<std::size_t>(got));
        std::span<char> rest;
        if (load_.over == Over::http2) {
            const http2::Unwrapped unwrapped = http2::unwrap(bytes, connection.leftover_data);
            bytes = unwrapped.data;
            rest = unwrapped.rest;
        }
        std::size_t answers = 0;
        while (const auto frame = take_frame(bytes)) {
            take_answer(connection, *frame);
            ++answers;
        }
        connection.leftover.assign(bytes.data(), bytes.size()).append(rest.data(), rest.size());
        connection.leftover_data = bytes.size();
        if (is_sending_) send(connection, answers);
    }

    void look_at_clock() {
        const Clock::time_point now = Clock::now();
        if (now - now_ > gap) measured_.stolen_ns += (now - now_).count();
        now_ = now;
    }

    void take_answer(Connection& connection, const Frame& frame) {
        if (frame.opcode != Frame::text) throw std::runtime_error("a frame that is no text message");
        if (connection.in_flight.size() == 0)
            throw std::runtime_error("an answer too many: " + std::string(frame.payload));
        const Sent oldest = connection.in_flight.front();
        connection.in_flight.pop();
        --in_flight_;
        const std::size_t message = messages_.answered_by(frame.payload, oldest.message);
        if (waiting_[message]-- == 0) throw std::runtime_error("answered twice: " + std::string(frame.payload));
        measured_.latency.add((now_ - oldest.at).count());
        ++measured_.answers;
    }

    // The next `count` messages, as far as there are any.
    void send(Connection& connection, std::size_t count) {
        pieces_.clear();
        std::size_t bytes = 0;
        for (; count > 0 && next_ < messages_.size(); --count) {
            const std::string& frame = messages_.frame(next_);
            pieces_.push_back({const_cast<char*>(frame.data()), frame.size()});
            bytes += frame.size();
            connection.in_flight.push({next_, now_});
            ++waiting_[next_];
            ++in_flight_;
            ++next_;
            if (!load_.once && next_ == messages_.size()) next_ = 0;
        }
        if (pieces_.empty()) return;
        const ssize_t sent = pieces_.size() == 1
                                 ? ::send(connection.socket, pieces_[0].iov_base, pieces_[0].iov_len, MSG_NOSIGNAL)
                                 : ::writev(connection.socket, pieces_.data(), static_cast<int>(pieces_.size()));
        if (sent != static_cast<ssize_t>(bytes))
            throw std::runtime_error("a socket does not hold what is to be in flight: send less at a time");
    }

    const Messages& messages_;
    const Load& load_;
    int epoll_;
    std::vector<Connection> connections_;
    std::vector<char> buffer_ = std::vector<char>(buffer_bytes);
    std::vector<iovec> pieces_;
    std::vector<std::uint32_t> waiting_;  // by message: how many answers are due
    std::size_t in_flight_ = 0;
    std::size_t next_ = 0;
    bool is_sending_ = true;
    Clock::time_point now_;
    Clock::time_point began_;
    Measured measured_;
};

}  // namespace

Measured generate(const std::vector<int>& sockets, const Messages& messages, const Load& load) {
    return Generator(sockets, messages, load).run();
}

}  // namespace limp::bench
