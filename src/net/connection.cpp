#include "net/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/log.hpp"
#include "net/proxy_header.hpp"
#include "net/worker.hpp"

namespace limp::net {

Connection::Connection(
    Worker& worker, Descriptor socket, Admission::Place place, std::string address, std::unique_ptr<TlsSession> tls
)
    : worker_(worker),
      socket_(std::move(socket)),
      place_(std::move(place)),
      address_(std::move(address)),
      tls_(std::move(tls)) {}

void Connection::start(std::unique_ptr<Protocol> protocol) {
    protocol_ = std::move(protocol);
    worker_.poller().watch(socket_.number(), *this, interest_);
}

void Connection::touch() {
    worker_.touch(*this);
}

void Connection::on_ready(Readiness ready) {
    if (ready.broken && !wants_to_read()) return cut();
    if (ready.write) touch();
    if ((ready.read || ready.broken) && wants_to_read()) read();
}

bool Connection::wants_to_read() const {
    return !is_cut() && !input_ended_ && !is_at_work_ && !is_paused();
}

void Connection::read() {
    ReadBuffer buffer = worker_.take_buffer();
    const std::size_t before = tls_ ? TlsSession::headroom : 0;
    const ssize_t count = ::recv(socket_.number(), buffer.get() + before, Worker::buffer_bytes - before, 0);
    if (count > 0 && !finishing_) {
        heard_at_ = progress_at_ = Clock::now();
        auto fed = static_cast<std::size_t>(count);
        if (proxy_header_) fed = take_proxy_header(buffer.get() + before, fed);
        if (fed == 0) return worker_.give_back(std::move(buffer));
        if (tls_) fed = decrypt(buffer.get(), fed);
        protocol_->feed(buffer.get(), fed);
        held_ = std::move(buffer);
        work();
        if (tls_state_ == TlsSession::State::failed) finish();
        return;
    }
    worker_.give_back(std::move(buffer));
    if (count == 0) return end_input();
    if (count < 0 && errno != EAGAIN && errno != EINTR) cut();
}

// Leaves what stands behind the header, at the same place: nothing, while that is not complete.
std::size_t Connection::take_proxy_header(char* received, std::size_t count) {
    proxy_header_->append(received, count);
    const ProxyHeader header = read_proxy_header(*proxy_header_);
    if (header.state == ProxyHeader::State::need_more) return 0;
    if (header.state == ProxyHeader::State::wrong) {
        base::log_warning(
            "net", "a connection does not begin with a header of PROXY version 2", {{"address", address_}}
        );
        cut();
        return 0;
    }
    const std::size_t left = proxy_header_->size() - header.bytes;
    std::copy_n(received + (count - left), left, received);
    proxy_header_.reset();
    if (!header.address.empty()) address_ = header.address;
    if (!place_.count_for(address_)) {
        cut();
        return 0;
    }
    return left;
}

// What the peer says, from where it lies behind the headroom to the front of the buffer.
std::size_t Connection::decrypt(char* buffer, std::size_t count) {
    char* received = buffer + TlsSession::headroom;
    const std::size_t said = tls_->receive({received, count}, buffer);
    tls_state_ = tls_->state();
    if (tls_->has_output()) touch();
    if (tls_state_ != TlsSession::State::not_tls) return said;
    tls_.reset();
    std::copy_n(received, count, buffer);
    return count;
}

void Connection::work() {
    is_at_work_ = true;
    bool is_through = protocol_->work();
    while (next_) {
        protocol_ = std::exchange(next_, nullptr);
        is_through = protocol_->work();
    }
    if (is_through || is_over()) {
        is_at_work_ = false;
        release_input();
        if (tls_state_ == TlsSession::State::ended && !input_ended_) end_input();
    } else {
        touch();
    }
}

void Connection::release_input() {
    if (held_) worker_.give_back(std::exchange(held_, nullptr));
}

void Connection::end_input() {
    input_ended_ = true;
    touch();
    if (!finishing_) protocol_->on_end();
}

void Connection::settle() {
    if (is_at_work_ && !is_paused() && !is_cut()) work();
    if (!is_over()) protocol_->on_turn();
    flush();
    update_interest();
}

void Connection::flush() {
    while (!is_cut()) {
        if (sent_ == sending_.size()) {
            take_output();
            if (sending_.empty()) return when_flushed();
        }
        const ssize_t count = ::send(socket_.number(), sending_.data() + sent_, sending_.size() - sent_, MSG_NOSIGNAL);
        if (count > 0) {
            sent_ += static_cast<std::size_t>(count);
            progress_at_ = Clock::now();
        } else if (errno == EAGAIN) {
            return;
        } else if (errno != EINTR) {
            return cut();
        }
    }
}

// The next bytes to send, when there are any.
void Connection::take_output() {
    if (output_.empty() && !finishing_) protocol_->fill_output();
    if (!tls_) return send_next();
    if (output_.empty() && finishing_) tls_->close();
    sending_.clear();
    sent_ = 0;
    if (!tls_->send(output_, sending_)) finish();
    output_.clear();
}

void Connection::when_flushed() {
    release_if_large();
    if (std::exchange(choked_, false)) touch();
    if (!finishing_) return;
    if (input_ended_) return cut();
    if (!std::exchange(shut_down_, true)) ::shutdown(socket_.number(), SHUT_WR);
}

void Connection::update_interest() {
    if (is_cut()) return;
    const Interest wanted{.read = wants_to_read(), .write = waiting_bytes() > 0};
    if (wanted == interest_) return;
    interest_ = wanted;
    worker_.poller().change(socket_.number(), *this, interest_);
}

void Connection::pause() {
    paused_ = true;
    touch();
}

void Connection::resume() {
    paused_ = false;
    touch();
}

void Connection::pause_until_flushed() {
    choked_ = true;
    touch();
}

void Connection::finish() {
    if (is_over()) return;
    finishing_ = true;
    paused_ = choked_ = false;
    cut_after(worker_.options().close_timeout);
    touch();
}

void Connection::cut() {
    if (is_cut()) return;
    worker_.poller().forget(socket_.number(), *this);
    socket_.close();
    worker_.bury(*this);
}

void Connection::sweep(Clock::time_point now) {
    if (is_cut()) return;
    if (cut_at_ && now >= *cut_at_) return cut();
    if (!finishing_) protocol_->on_sweep(now);
}

}  // namespace limp::net
