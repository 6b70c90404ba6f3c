// net/http_protocol.hpp: HTTP/1.1 on a connection: requests to the Doorkeeper, answers in their order, handshakes. A
// client that begins as one of HTTP/2 does goes on with that.
//
// One request is answered at a time: while its answer is under way nothing of the next one is looked at or read. A file
// is read piece by piece, as the client takes it.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "limp/bytes.hpp"
#include "limp/session.hpp"
#include "net/asking.hpp"
#include "net/http1.hpp"
#include "net/protocol.hpp"
#include "net/server.hpp"

namespace limp::net {

class Connection;
struct Handshake;
class Worker;

class HttpProtocol final : public Protocol {
public:
    HttpProtocol(Connection& connection, Worker& worker);

    void feed(char* bytes, std::size_t count) override;
    bool work() override;
    void on_turn() override;
    void fill_output() override;
    void on_end() override;
    void on_sweep(Clock::time_point now) override;
    void on_stopping() override;
    void on_closed() override {}

private:
    bool has_room();
    void handle(Http1Request http);
    void answer_handshake(const Http1Request& http, Peer peer);
    void open_websocket(const Handshake& handshake, const Doorkeeper::Entry& entry, Peer peer);
    void go_on_as_http2();
    void send(const HttpResponse& response, bool with_body, bool keep_alive);
    void refuse(int status, std::string_view why);

    Connection& connection_;
    Worker& worker_;
    Http1Parser parser_;
    char* rest_ = nullptr;  // of what was fed
    std::size_t rest_count_ = 0;
    Asking asking_;              // what is being answered
    std::optional<Bytes> file_;  // of the answer that is being sent: sent up to file_sent_
    std::size_t file_sent_ = 0;
    std::size_t file_sent_in_turn_ = 0;
    Clock::time_point waiting_since_ = Clock::now();  // for a complete request
    bool has_answered_ = false;
    bool is_last_ = false;      // the answer that waits to be sent is the last one
    bool is_replaced_ = false;  // another protocol goes on
};

}  // namespace limp::net
