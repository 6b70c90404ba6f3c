// limp/call.hpp: what a client asks, and what it is told.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "limp/bytes.hpp"
#include "limp/refusal.hpp"
#include "limp/value.hpp"

namespace limp {

// A call as it came off the wire: its signature was verified, nothing else was looked at.
struct Call {
    std::string endpoint;  // "module/method", as sent
    std::optional<std::string> sid;
    std::string signed_as;   // id of the session whose token signed it; empty: raw, or signed by the anonymous token
    bool by_get = false;     // it came by HTTP GET, by which methods that are declared so are called, and no others
    Value query = Object{};  // object (LIMP 4.0) or list of steps (LIMP 5.0)
    Value doc = Object{};    // object, or list of objects for a batch create

    // When its answer is due: the caller is told by then that it took too long.
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

struct Answer {
    int status = 200;
    std::string msg;
    Object args;
    std::optional<std::string> docs;  // JSON, a list: sent as args.docs
    std::optional<Bytes> bytes;       // with status 291: sent in place of msg

    static Answer of(const Refusal& refusal) {
        return {refusal.status(), refusal.message(), {{"code", refusal.code()}}, std::nullopt, std::nullopt};
    }
    static Answer ok(std::string msg, Object args = {}, std::optional<std::string> docs = std::nullopt) {
        return {200, std::move(msg), std::move(args), std::move(docs), std::nullopt};
    }
};

// What came of a call that a package has made (limp/host.hpp, Host::call).
struct Outcome {
    std::vector<Document> docs;
    Object args;
    std::optional<Bytes> bytes = {};  // of a method that answers with bytes
};

}  // namespace limp
