#include "net/connection.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "net/worker.hpp"

namespace limp::net {

Connection::Connection(Worker& worker, Descriptor socket, Admission::Place place, std::string address)
    : worker_(worker), socket_(std::move(socket)), place_(std::move(place)), address_(std::move(address)) {}

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
    const ssize_t count = ::recv(socket_.number(), buffer.get(), Worker::buffer_bytes, 0);
    if (count > 0 && !finishing_) {
        heard_at_ = progress_at_ = Clock::now();
        protocol_->feed(buffer.get(), static_cast<std::size_t>(count));
        held_ = std::move(buffer);
        return work();
    }
    worker_.give_back(std::move(buffer));
    if (count == 0) return end_input();
    if (count < 0 && errno != EAGAIN && errno != EINTR) cut();
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
            if (output_.empty() && !finishing_) protocol_->fill_output();
            if (output_.empty()) return when_flushed();
            send_next();
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

void Connection::when_flushed() {
    send_next();
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
