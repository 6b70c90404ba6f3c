#include "net/worker.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/log.hpp"
#include "net/http_protocol.hpp"
#include "net/tls_opening.hpp"

namespace limp::net {

Worker::Worker(
    const Options& options, Doorkeeper& doorkeeper, Admission& admission, base::Loop& loop, Descriptor listening
)
    : options_(options),
      doorkeeper_(doorkeeper),
      admission_(admission),
      loop_(loop),
      tls_(options.tls),
      poller_(std::make_shared<Poller>(loop)),
      listener_(std::make_shared<Listener>(
          loop, *poller_, std::move(listening),
          [this](Descriptor socket, std::string address) { admit(std::move(socket), std::move(address)); }
      )) {}

Worker::~Worker() {
    listener_->stop();
    for (const auto& connection : connections_) connection->bury();
}

void Worker::start() {
    if (stopping_) return;
    poller_->start();
    listener_->start();
    schedule_sweep();
}

void Worker::admit(Descriptor socket, std::string address) {
    const bool is_by_proxy = options_.trusted_proxies.trusts(address);
    if (options_.proxy_protocol && !is_by_proxy) return refuse_stranger(address);
    // Many come by one proxy: whom they count for is known when it has said so.
    auto place = admission_.enter(is_by_proxy ? std::string() : address);
    if (!place) return;  // and the socket closes
    const int on = 1;
    ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto connection = std::make_unique<Connection>(
        *this, std::move(socket), std::move(*place), std::move(address),
        tls_ ? std::make_unique<TlsSession>(*tls_) : nullptr
    );
    if (options_.proxy_protocol) connection->expect_proxy_header();
    try {
        connection->start(first_protocol(*connection));
    } catch (const std::system_error& error) {
        return base::log_error("net", "cannot take a connection", {{"reason", error.what()}});
    }
    connection->place_in_list = connections_.size();
    connections_.push_back(std::move(connection));
}

// Named once, for whoever forgot a proxy; strangers must not fill the log.
void Worker::refuse_stranger(const std::string& address) {
    if (std::exchange(has_refused_stranger_, true)) return;
    base::log_warning(
        "net", "refused a connection, as all that do not come from trusted_proxies while proxy_protocol is on",
        {{"address", address}}
    );
}

std::unique_ptr<Protocol> Worker::first_protocol(Connection& connection) {
    if (tls_) return std::make_unique<TlsOpening>(connection, *this);
    return std::make_unique<HttpProtocol>(connection, *this);
}

void Worker::touch(Connection& connection) {
    if (std::exchange(connection.is_touched, true)) return;
    touched_.push_back(&connection);
    post_turn();
}

void Worker::bury(Connection& connection) {
    buried_.push_back(&connection);
    post_turn();
}

void Worker::post_turn() {
    if (std::exchange(turn_is_posted_, true)) return;
    loop_.post([weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->end_turn();
    });
}

void Worker::end_turn() {
    turn_is_posted_ = false;
    settling_.swap(touched_);
    for (Connection* connection : settling_) {
        connection->is_touched = false;
        connection->settle();
    }
    settling_.clear();
    for (Connection* connection : std::exchange(buried_, {})) {
        connection->bury();
        remove(*connection);
    }
    if (done_ && connections_.empty()) {
        poller_->stop();
        loop_.post(std::exchange(done_, nullptr));
    }
}

void Worker::remove(Connection& connection) {
    if (connection.is_touched) std::erase(touched_, &connection);
    const std::size_t place = connection.place_in_list;
    std::swap(connections_[place], connections_.back());
    connections_[place]->place_in_list = place;
    connections_.pop_back();
}

ReadBuffer Worker::take_buffer() {
    return spare_ ? std::exchange(spare_, nullptr) : std::make_unique_for_overwrite<char[]>(buffer_bytes);
}

void Worker::give_back(ReadBuffer buffer) {
    spare_ = std::move(buffer);
}

// One timer for all connections: a timer for each operation would cost as much as the operation.
void Worker::schedule_sweep() {
    const auto shortest =
        std::min({options_.handshake_timeout, options_.ping_every, options_.idle_timeout, options_.close_timeout});
    const auto every = std::clamp(shortest / 4, std::chrono::milliseconds(1), std::chrono::milliseconds(1000));
    loop_.after(every, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->sweep();
    });
}

void Worker::sweep() {
    if (stopping_ && connections_.empty()) return;
    const auto now = Clock::now();
    for (const auto& connection : connections_) connection->sweep(now);
    schedule_sweep();
}

void Worker::stop(std::chrono::milliseconds grace, std::function<void()> done) {
    stopping_ = true;
    done_ = std::move(done);
    listener_->stop();
    for (const auto& connection : connections_) connection->stop();
    loop_.after(grace, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->cut_all();
    });
    post_turn();  // which finds out when there are none
}

void Worker::cut_all() {
    for (const auto& connection : connections_) connection->cut();
}

}  // namespace limp::net
