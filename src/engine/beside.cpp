#include "engine/beside.hpp"

#include <exception>
#include <utility>

#include "base/log.hpp"
#include "engine/entered.hpp"
#include "engine/served.hpp"

namespace limp::engine {

Task<> run_beside(
    std::shared_ptr<const Served> served, std::string package, std::string kind, std::string name,
    std::function<Task<>(Host&)> work
) {
    const Entered entered({package, kind, {}, name});
    try {
        co_await work(served->host(package));
    } catch (const std::exception& error) {
        base::log_error(package, "a " + kind + " failed", {{kind, name}, {"error", error.what()}});
    } catch (...) {
        base::log_error(
            package, "a " + kind + " failed", {{kind, name}, {"error", "an exception that is no std::exception"}}
        );
    }
}

}  // namespace limp::engine
