// net/http_protocol.hpp: HTTP/1.1 on a connection: requests to the Doorkeeper, answers in their order, handshakes.
//
// One request is answered at a time: while its answer is under way nothing of the next one is looked at or read.
#pragma once

#include <memory>
#include <string_view>

#include "limp/session.hpp"
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
    ~HttpProtocol() override;

    void feed(char* bytes, std::size_t count) override;
    bool work() override;
    void on_end() override;
    void on_sweep(Clock::time_point now) override;
    void on_stopping() override;
    void on_closed() override {}

private:
    struct Asked;

    bool has_room();
    void handle(Http1Request http);
    static Task<> answer(std::shared_ptr<Asked> asked, Doorkeeper& doorkeeper);
    void answered(const HttpResponse& response, const Http1Request& to);
    void answer_handshake(const Http1Request& http, Peer peer);
    void open_websocket(const Handshake& handshake, Doorkeeper::Entry entry, Peer peer);
    void send(const HttpResponse& response, const Http1Request& to);
    void refuse(int status, std::string_view why);

    Connection& connection_;
    Worker& worker_;
    Http1Parser parser_;
    char* rest_ = nullptr;  // of what was fed
    std::size_t rest_count_ = 0;
    std::shared_ptr<Asked> asked_;                    // what is being answered
    Clock::time_point waiting_since_ = Clock::now();  // for a complete request
    bool has_answered_ = false;
    bool is_last_ = false;  // the answer that waits to be sent is the last one
    bool is_upgraded_ = false;
};

}  // namespace limp::net
