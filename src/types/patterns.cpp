#include "types/patterns.hpp"

#include <re2/re2.h>

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>

namespace limp::types {

namespace {

// Only declarations name patterns, so there are as many as they declare, and each stays.
class Patterns {
public:
    const re2::RE2& at(const std::string& pattern) {
        if (const re2::RE2* known = find(pattern)) return *known;
        re2::RE2::Options options;
        options.set_log_errors(false);
        options.set_max_mem(memory);
        auto compiled = std::make_unique<re2::RE2>(pattern, options);
        const std::unique_lock lock(mutex_);
        return *compiled_.try_emplace(pattern, std::move(compiled)).first->second;
    }

private:
    static constexpr std::int64_t memory = 1 << 20;  // bytes, for the pattern and what is cached while matching

    const re2::RE2* find(const std::string& pattern) {
        const std::shared_lock lock(mutex_);
        const auto found = compiled_.find(pattern);
        return found == compiled_.end() ? nullptr : found->second.get();
    }

    std::shared_mutex mutex_;
    std::map<std::string, std::unique_ptr<re2::RE2>> compiled_;
};

const re2::RE2& compiled(const std::string& pattern) {
    static Patterns patterns;
    return patterns.at(pattern);
}

}  // namespace

bool matches(const std::string& pattern, std::string_view text) {
    return re2::RE2::FullMatch(text, compiled(pattern));
}

std::string flaw_of(const std::string& pattern) {
    return compiled(pattern).error();
}

}  // namespace limp::types
