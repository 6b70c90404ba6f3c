// app/doors.hpp: what is behind each path of the server.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "app/config.hpp"
#include "app/conversation.hpp"
#include "app/single_calls.hpp"
#include "engine/engine.hpp"
#include "net/server.hpp"
#include "page/page.hpp"

namespace limp::app {

class Doors : public net::Doorkeeper {
public:
    // `sandbox`: the files of the page, none when it is not served. `has_echo`: /echo is there, for tests of the
    // transport.
    Doors(
        engine::Engine& engine, const Config& config, const std::vector<base::Loop*>& loops,
        std::span<const page::File> sandbox, bool has_echo
    );

    Entry enter(const net::HttpRequest& request, const Peer& peer, const std::vector<std::string>& offered) override;
    Task<net::HttpResponse> answer(const net::HttpRequest& request, const Peer& peer) override;

private:
    // What serves one thread.
    struct OfLoop {
        std::shared_ptr<base::Hmac> anonymous;  // the key of the anonymous token
        std::shared_ptr<SingleCalls> calls;
    };

    Entry enter_conversation(const std::vector<std::string>& offered);
    Entry enter_echo();

    engine::Engine& engine_;
    const Config& config_;
    const std::span<const page::File> sandbox_;
    const bool has_echo_;
    std::map<base::Loop*, OfLoop> of_loops_;
};

}  // namespace limp::app
