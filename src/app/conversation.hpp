// app/conversation.hpp: one WebSocket's calls: text in by the wire's rules, through the engine in their order, and out.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "base/hmac.hpp"
#include "base/json.hpp"
#include "engine/engine.hpp"
#include "net/server.hpp"

namespace limp::app {

struct ConversationOptions {
    base::JsonLimits json;
    std::size_t calls_in_flight_max = 64;  // past it nothing more is read until one is answered
    std::chrono::milliseconds call_timeout{30'000};
    bool signs_answers = false;  // the subprotocol limp.jwt
};

// `anonymous`: the key of the anonymous token, one for each loop.
std::unique_ptr<net::SocketHandler> converse(
    engine::Engine& engine, net::Socket& socket, std::shared_ptr<base::Hmac> anonymous,
    const ConversationOptions& options
);

}  // namespace limp::app
