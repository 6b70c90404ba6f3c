// engine/lent.hpp: what limpd lends to one package (limp/host.hpp).
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "limp/host.hpp"

namespace limp::engine {

class Served;

// What a client reads whose call was not answered in time.
Refusal timed_out();

// The call that something is done for: when its answer is due, and how many calls it was made within.
struct Within {
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    int depth = 0;
};

// Where a request to somebody else's server goes; whoever introduces the rooms to each other gives it in.
using Fetch = std::function<Task<HttpReply>(HttpAsk)>;

// Who lends: the part of it that is the same for every package.
class Lender {
public:
    virtual ~Lender() = default;
    virtual Store& store() = 0;
    virtual Auth& auth() = 0;
    virtual const Settings& settings() const = 0;
    virtual const Fetch& fetch() const = 0;

    // Why packages that have changed are not served; empty: they are.
    virtual std::string failure() const = 0;

    // Host::call. `served`: the packages among which the caller runs.
    virtual Task<Outcome> call(std::shared_ptr<const Served> served, InnerCall call, Within within) = 0;
};

class Lent final : public Host {
public:
    // Lent by `lender` to the package of that name, as a part of `served`. All three outlive it.
    Lent(Lender& lender, const Served& served, std::string_view package)
        : lender_(lender), served_(served), package_(package) {}

    // The same for what is done within a call.
    Lent within(Within call) const {
        Lent lent = *this;
        lent.within_ = call;
        return lent;
    }

    Store& store() override { return lender_.store(); }
    Auth& auth() override { return lender_.auth(); }
    const Settings& settings() const override { return lender_.settings(); }
    Task<Outcome> call(InnerCall call) override;
    Task<HttpReply> http(HttpAsk ask) override;
    Task<> sleep(std::chrono::milliseconds time) override;
    void spawn(std::string name, std::function<Task<>(Host&)> work) override;
    const Module* module(std::string_view name) const override;
    Object describe(const Session& session) const override;
    std::int64_t now_ms() const override;
    std::string now() const override;
    std::string time_text(std::int64_t ms) const override;
    std::string new_id() const override;
    void log(LogLevel level, std::string_view text, const Object& details) const override;

private:
    // What is left until the answer is due. Throws timed_out() when nothing is.
    std::chrono::milliseconds time_left() const;

    Lender& lender_;
    const Served& served_;
    std::string_view package_;
    Within within_;
};

}  // namespace limp::engine
