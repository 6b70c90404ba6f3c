#include "engine/lent.hpp"

#include <algorithm>
#include <utility>

#include "base/id.hpp"
#include "base/log.hpp"
#include "base/loop.hpp"
#include "base/time.hpp"
#include "engine/beside.hpp"
#include "engine/describe.hpp"
#include "engine/served.hpp"

namespace limp::engine {

Refusal timed_out() {
    return {
        504, "CORE_REQ_TIMEOUT",
        "The call took too long. Whether it had an effect is not known; read before trying again."
    };
}

std::chrono::milliseconds Lent::time_left() const {
    using std::chrono::milliseconds;
    using std::chrono::steady_clock;
    if (within_.deadline == steady_clock::time_point::max()) return milliseconds::max();
    const auto left = std::chrono::ceil<milliseconds>(within_.deadline - steady_clock::now());
    if (left.count() <= 0) throw timed_out();
    return left;
}

Task<Outcome> Lent::call(InnerCall call) {
    time_left();
    return lender_.call(served_.shared_from_this(), std::move(call), {within_.deadline, within_.depth + 1});
}

Task<HttpReply> Lent::http(HttpAsk ask) {
    ask.timeout = std::min(ask.timeout, time_left());
    try {
        co_return co_await lender_.fetch()(std::move(ask));
    } catch (const HttpError&) {
        time_left();  // what ended it, when nothing is left
        throw;
    }
}

Task<> Lent::sleep(std::chrono::milliseconds time) {
    const std::chrono::milliseconds left = time_left();
    co_await base::sleep(std::min(time, left));
    if (left < time) throw timed_out();
}

void Lent::spawn(std::string name, std::function<Task<>(Host&)> work) {
    const std::string package(package_);
    base::spawn(package, run_beside(served_.shared_from_this(), package, "task", std::move(name), std::move(work)));
}

const Module* Lent::module(std::string_view name) const {
    const CompiledModule* found = served_.registry.find(name);
    return found ? &found->module : nullptr;
}

Object Lent::describe(const Session& session) const {
    Object described = engine::describe(served_.registry, lender_.settings(), session);
    // It may have file names and lines of code in it.
    if (std::string failure = lender_.failure(); session.user_id == admin_user_id && !failure.empty())
        described.append("failure", std::move(failure));
    return described;
}

std::int64_t Lent::now_ms() const {
    return base::now_ms();
}
std::string Lent::now() const {
    return base::time_text(base::now_ms());
}
std::string Lent::time_text(std::int64_t ms) const {
    return base::time_text(ms);
}
std::string Lent::new_id() const {
    return base::new_id();
}

void Lent::log(LogLevel level, std::string_view text, const Object& details) const {
    base::log(static_cast<base::LogLevel>(level), package_, text, details);
}

}  // namespace limp::engine
