// engine/limits.hpp: how much one call may ask for. Each has its key in the configuration (docs/configuration.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "query/parser.hpp"

namespace limp::engine {

struct Limits {
    query::Limits query;
    std::int64_t read_docs = 1'000;       // that one read gives at most; a cut answer says "more": true
    std::size_t extn_depth = 4;           // levels of extns that extend extns
    std::size_t extn_docs = 10'000;       // references that one read extends
    std::size_t batch_docs = 1'000;       // of one batch create
    std::int64_t walked_docs = 10'000;    // a read that looks at more for want of an index is spoken of in the log
    std::int64_t history_entries = 100;   // of each document that a read with $diff shows
    std::vector<std::string> thumbnails;  // the sizes that images are made smaller to: "128x128"
    std::int64_t upload_bytes = 16 * 1024 * 1024;    // of files that one connection has sent in pieces
    std::int64_t uploads_bytes = 256 * 1024 * 1024;  // the same of all connections
    std::int64_t address_calls_per_minute = 60'000;
    std::int64_t session_calls_per_minute = 30'000;
};

}  // namespace limp::engine
