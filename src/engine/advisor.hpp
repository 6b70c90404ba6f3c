// engine/advisor.hpp: tells developers in the log which index would spare a read.
//
// Threads  Any.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>

#include "limp/module.hpp"

namespace limp::engine {

// The declaration that would lead to what the query looks for, as a manifest has it: "indexes": [["cat", "views"]].
// Attrs that it asks for a value of come first, then one that it bounds or what it sorts by. Empty when none would.
std::string missing_index(const Module& module, const Query& query);

class Advisor {
public:
    // Reads that look at more documents than that are spoken of; 0: none is.
    explicit Advisor(std::int64_t documents) : documents_(documents) {}

    // A read of that module looked at so many documents because nothing led to its matches. Each advice is given once.
    void consider(const Module& module, const Query& query, std::int64_t walked);

private:
    const std::int64_t documents_;
    std::mutex mutex_;
    std::set<std::string> given_;
};

}  // namespace limp::engine
