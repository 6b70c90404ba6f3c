#include "net/poller.hpp"

#include <sys/epoll.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <system_error>

namespace limp::net {
namespace {

epoll_event event_for(Poller::Watcher& watcher, Interest interest) {
    epoll_event event{};
    event.events = (interest.read ? EPOLLIN : 0U) | (interest.write ? EPOLLOUT : 0U);
    event.data.ptr = &watcher;
    return event;
}

int new_epoll_set() {
    const int set = ::epoll_create1(EPOLL_CLOEXEC);
    if (set < 0) throw std::system_error(errno, std::system_category(), "epoll_create1");
    return set;
}

}  // namespace

Poller::Poller(base::Loop& loop) : set_(loop.context(), new_epoll_set()) {}

void Poller::start() {
    wait();
}

void Poller::stop() {
    set_.close();
}

void Poller::watch(int descriptor, Watcher& watcher, Interest interest) {
    epoll_event event = event_for(watcher, interest);
    if (::epoll_ctl(set_.native_handle(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
        throw std::system_error(errno, std::system_category(), "epoll_ctl");
    }
}

void Poller::change(int descriptor, Watcher& watcher, Interest interest) {
    epoll_event event = event_for(watcher, interest);
    ::epoll_ctl(set_.native_handle(), EPOLL_CTL_MOD, descriptor, &event);
}

void Poller::forget(int descriptor, const Watcher& watcher) {
    ::epoll_ctl(set_.native_handle(), EPOLL_CTL_DEL, descriptor, nullptr);
    for (epoll_event& event : pending_) {
        if (event.data.ptr == &watcher) event.data.ptr = nullptr;
    }
}

void Poller::wait() {
    set_.async_wait(set_.wait_read, [weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (!self || error) return;  // stopped
        // Also when a watcher throws (the loop logs that): the others are still to be heard, and what was not told of
        // this batch is announced again.
        struct WaitAgain {
            Poller& poller;
            ~WaitAgain() {
                poller.pending_ = {};
                if (poller.set_.is_open()) poller.wait();
            }
        } again{*self};
        self->dispatch();
    });
}

void Poller::dispatch() {
    std::array<epoll_event, 512> events;
    const int count = ::epoll_wait(set_.native_handle(), events.data(), int{events.size()}, 0);
    if (count <= 0) return;
    pending_ = std::span(events).first(static_cast<std::size_t>(count));
    while (!pending_.empty()) {
        const epoll_event event = pending_.front();
        pending_ = pending_.subspan(1);
        if (!event.data.ptr) continue;
        static_cast<Watcher*>(event.data.ptr)
            ->on_ready({
                .read = (event.events & EPOLLIN) != 0,
                .write = (event.events & EPOLLOUT) != 0,
                .broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0,
            });
    }
}

}  // namespace limp::net
