// store/sqlite_counts.hpp: what was counted, for as long as nobody changes the database.
//
// A list that people leaf through, or that many look at, counts the same rows again and again, and that is the dearest
// part of it: walking 1,000 entries of an index costs more than reading twenty documents.
//
// Threads  One connection and its counts: one thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>

#include "limp/value.hpp"
#include "store/sqlite_database.hpp"

namespace limp::store {

class Counts {
public:
    // Of what this connection sees; it outlives them, and changes nothing itself.
    explicit Counts(Database& database) : database_(database) {}

    // The one number that this SELECT gives, within a transaction.
    std::int64_t number(const std::string& sql, std::span<const Value> values);

private:
    static constexpr std::size_t kept_max = 1'024;

    Database& database_;
    std::int64_t version_ = 0;  // of the database when these were counted
    std::unordered_map<std::string, std::int64_t> kept_;
};

}  // namespace limp::store
