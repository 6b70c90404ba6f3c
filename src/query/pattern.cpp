#include "query/pattern.hpp"

namespace limp::query {

std::unique_ptr<RE2> compile_pattern(const std::string& pattern) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    return std::make_unique<RE2>(pattern, options);
}

}  // namespace limp::query
