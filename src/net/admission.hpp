// net/admission.hpp: how many connections may be open, in all and from one address.
//
// Threads  Any: the loops of a server share one. It is asked once a connection, never on the way of a message.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace limp::net {

class Admission {
public:
    // What an open connection holds; its end makes room for another. The Admission outlives it.
    class Place {
    public:
        Place(Place&& other) noexcept
            : admission_(std::exchange(other.admission_, nullptr)), address_(std::move(other.address_)) {}
        Place& operator=(Place&&) = delete;

        // Counts for that address from here on, and for the one before no longer. False when that address has had its
        // share; then nothing has changed.
        bool count_for(const std::string& address);

        ~Place() {
            if (admission_) admission_->leave(address_);
        }

    private:
        friend Admission;
        Place(Admission& admission, std::string address) : admission_(&admission), address_(std::move(address)) {}

        Admission* admission_;
        std::string address_;
    };

    Admission(std::size_t connections_max, std::size_t connections_per_address_max);

    // Nothing when the house is full, or that address has had its share. Without an address, as what comes by a proxy,
    // it counts for the house alone. Refusals are logged, at most one line a second.
    std::optional<Place> enter(const std::string& address);

private:
    bool count(const std::string& address);
    void uncount(const std::string& address);
    void leave(const std::string& address);
    void log_refused(const std::string& address);

    const std::size_t connections_max_;
    const std::size_t connections_per_address_max_;
    std::mutex mutex_;
    std::size_t connections_ = 0;
    std::unordered_map<std::string, std::size_t> by_address_;
    std::size_t refused_ = 0;  // since the last line in the log
    std::chrono::steady_clock::time_point logged_at_;
};

}  // namespace limp::net
