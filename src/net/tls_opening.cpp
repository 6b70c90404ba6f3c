#include "net/tls_opening.hpp"

#include <memory>
#include <utility>

#include "net/connection.hpp"
#include "net/http2_protocol.hpp"
#include "net/http_answer.hpp"
#include "net/http_protocol.hpp"
#include "net/worker.hpp"

namespace limp::net {

void TlsOpening::feed(char* bytes, std::size_t count) {
    bytes_ = bytes;
    count_ = count;
}

bool TlsOpening::work() {
    switch (connection_.tls_state()) {
        case TlsSession::State::opening:
            break;
        case TlsSession::State::open:
        case TlsSession::State::ended:
            go_on();
            break;
        case TlsSession::State::failed:
            connection_.finish();
            break;
        case TlsSession::State::not_tls:
            answer_plain();
            break;
    }
    return true;
}

void TlsOpening::go_on() {
    std::unique_ptr<Protocol> next;
    if (connection_.chose_http2()) {
        next = std::make_unique<Http2Protocol>(connection_, worker_);
    } else {
        next = std::make_unique<HttpProtocol>(connection_, worker_);
    }
    next->feed(bytes_, count_);
    connection_.become(std::move(next));
}

// All methods of HTTP begin with a capital letter.
void TlsOpening::answer_plain() {
    if (count_ == 0 || bytes_[0] < 'A' || bytes_[0] > 'Z') return connection_.cut();
    append_answer(
        connection_.output(), refusal(400, "CORE_REQ_NO_TLS", "This port speaks TLS: use https:// or wss://."),
        {.keep_alive = false}
    );
    connection_.finish();
}

void TlsOpening::on_end() {
    connection_.cut();
}

void TlsOpening::on_sweep(Clock::time_point now) {
    if (now - since_ >= worker_.options().handshake_timeout) connection_.cut();
}

void TlsOpening::on_stopping() {
    connection_.cut();
}

}  // namespace limp::net
