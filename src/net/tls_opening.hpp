// net/tls_opening.hpp: what is spoken on a connection until its TLS stands: nothing. Then what ALPN has chosen.
//
// A peer that speaks HTTP without TLS is told so; anything else that is no TLS is closed.
#pragma once

#include "net/protocol.hpp"

namespace limp::net {

class Connection;
class Worker;

class TlsOpening final : public Protocol {
public:
    TlsOpening(Connection& connection, Worker& worker) : connection_(connection), worker_(worker) {}

    void feed(char* bytes, std::size_t count) override;
    bool work() override;
    void on_end() override;
    void on_sweep(Clock::time_point now) override;
    void on_stopping() override;
    void on_closed() override {}

private:
    void go_on();
    void answer_plain();

    Connection& connection_;
    Worker& worker_;
    char* bytes_ = nullptr;
    std::size_t count_ = 0;
    const Clock::time_point since_ = Clock::now();
};

}  // namespace limp::net
