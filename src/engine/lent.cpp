#include "engine/lent.hpp"

#include <utility>

#include "base/id.hpp"
#include "base/log.hpp"
#include "base/loop.hpp"
#include "base/time.hpp"
#include "engine/beside.hpp"
#include "engine/describe.hpp"
#include "engine/served.hpp"

namespace limp::engine {

Lent::Lent(Lender& lender, const Served& served, std::string package)
    : lender_(lender), served_(served), package_(std::move(package)) {}

Task<Outcome> Lent::call(InnerCall call) {
    return lender_.call(served_.shared_from_this(), std::move(call));
}

Task<HttpReply> Lent::http(HttpAsk ask) {
    return lender_.fetch()(std::move(ask));
}

Task<> Lent::sleep(std::chrono::milliseconds time) {
    return base::sleep(time);
}

void Lent::spawn(std::string name, Task<> task) {
    base::spawn(package_, run_beside(served_.shared_from_this(), package_, "task", std::move(name), std::move(task)));
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
