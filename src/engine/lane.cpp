#include "engine/lane.hpp"

#include <utility>

namespace limp::engine {

void Lane::add(Order order, std::function<void()> start) {
    if (is_starting_ || !waiting_.empty() || !may_start(order)) {
        waiting_.push_back({order, std::move(start)});
        return;
    }
    is_starting_ = true;
    begin(order);
    start();
    is_starting_ = false;
    start_ready();
}

void Lane::finished(Order order) {
    if (order == Order::read)
        --reading_;
    else
        is_writing_ = false;
    start_ready();
}

bool Lane::may_start(Order order) const {
    return !is_writing_ && (order != Order::barrier || reading_ == 0);
}

void Lane::begin(Order order) {
    if (order == Order::read)
        ++reading_;
    else
        is_writing_ = true;
}

void Lane::start_ready() {
    if (is_starting_) return;
    is_starting_ = true;
    while (!waiting_.empty() && may_start(waiting_.front().order)) {
        Entry entry = std::move(waiting_.front());
        waiting_.pop_front();
        begin(entry.order);
        entry.start();
    }
    is_starting_ = false;
}

}  // namespace limp::engine
