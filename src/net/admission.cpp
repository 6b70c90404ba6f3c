#include "net/admission.hpp"

#include "base/log.hpp"

namespace limp::net {

Admission::Admission(std::size_t connections_max, std::size_t connections_per_address_max)
    : connections_max_(connections_max), connections_per_address_max_(connections_per_address_max) {}

std::optional<Admission::Place> Admission::enter(const std::string& address) {
    const std::lock_guard lock(mutex_);
    if (connections_ >= connections_max_ || !count(address)) {
        log_refused(address);
        return std::nullopt;
    }
    ++connections_;
    return Place(*this, address);
}

bool Admission::Place::count_for(const std::string& address) {
    if (address == address_) return true;
    const std::lock_guard lock(admission_->mutex_);
    if (!admission_->count(address)) {
        admission_->log_refused(address);
        return false;
    }
    admission_->uncount(address_);
    address_ = address;
    return true;
}

bool Admission::count(const std::string& address) {
    if (address.empty()) return true;
    std::size_t& of_address = by_address_[address];
    if (of_address >= connections_per_address_max_) return false;
    ++of_address;
    return true;
}

void Admission::uncount(const std::string& address) {
    if (address.empty()) return;
    const auto known = by_address_.find(address);
    if (--known->second == 0) by_address_.erase(known);
}

void Admission::leave(const std::string& address) {
    const std::lock_guard lock(mutex_);
    --connections_;
    uncount(address);
}

void Admission::log_refused(const std::string& address) {
    ++refused_;
    const auto now = std::chrono::steady_clock::now();
    if (logged_at_ != std::chrono::steady_clock::time_point{} && now - logged_at_ < std::chrono::seconds(1)) return;
    base::log_warning(
        "net", "too many connections, refused",
        {{"count", static_cast<std::int64_t>(refused_)}, {"last_address", address}}
    );
    refused_ = 0;
    logged_at_ = now;
}

}  // namespace limp::net
