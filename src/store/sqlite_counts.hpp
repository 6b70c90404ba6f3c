// store/sqlite_counts.hpp: what was counted, for as long as nobody changes the database.
//
// A list that people leaf through, or that many look at, counts the same rows again and again, and that is the dearest
// part of it: walking 1,000 entries of an index costs more than reading twenty documents.
//
// Threads  Any.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "limp/value.hpp"
#include "store/sqlite_tables.hpp"

namespace limp::store {

class Counts {
public:
    // What is counted in: a transaction, and the newest batch that it sees.
    struct Moment {
        const Source& source;
        std::int64_t batch;
    };

    // The one number that this SELECT gives.
    std::int64_t number(const Moment& moment, const std::string& sql, std::span<const Value> values);

private:
    static constexpr std::size_t kept_max = 1'024;

    std::optional<std::int64_t> known(const Moment& moment, const std::string& asked);
    void keep(const Moment& moment, std::string asked, std::int64_t count);

    bool is_at(const Moment& moment) const { return moment.batch == batch_ && moment.source.layout == layout_; }

    std::mutex mutex_;
    std::int64_t batch_ = 0;  // when these were counted
    Layout layout_;
    std::unordered_map<std::string, std::int64_t> kept_;
};

}  // namespace limp::store
