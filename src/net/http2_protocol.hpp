// net/http2_protocol.hpp: HTTP/2 on a connection: its streams, each a request with its answer, or a WebSocket.
//
// Requests of one connection are answered side by side, each as soon as it can be. A stream that waits for its peer,
// for its handler or for the doorkeeper holds up no other.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "net/http2_session.hpp"
#include "net/http2_stream.hpp"
#include "net/protocol.hpp"

namespace limp::net {

class Http2Protocol final : public Protocol, private http2::Listener {
public:
    // `begun`: what another protocol has read already.
    Http2Protocol(Connection& connection, Worker& worker, std::string_view begun = {});
    ~Http2Protocol() override;

    void feed(char* bytes, std::size_t count) override;
    bool work() override;
    void on_turn() override;
    void fill_output() override;
    void on_end() override;
    void on_sweep(Clock::time_point now) override;
    void on_stopping() override;
    void on_closed() override;

    // The streams call these.
    // --------------------------------------------------------------------------------------------------------------

    Connection& connection() { return connection_; }
    Worker& worker() { return worker_; }
    http2::Session& session() { return session_; }
    void touch(Http2Stream& stream, http2::StreamId id);
    void bury(http2::StreamId id) { ended_.push_back(id); }
    void hold(http2::StreamId id) { held_.push_back(id); }  // its turn comes when the answers before have been sent

    // What requests and their answers hold in memory, of all streams.
    std::size_t body_bytes = 0;
    std::size_t answer_bytes = 0;

    // How many requests are with the doorkeeper, also those whose streams are gone. One counts as long as it holds what
    // count_asked() gives.
    std::size_t asked() const { return static_cast<std::size_t>(asked_.use_count()) - 1; }
    std::shared_ptr<const void> count_asked() const { return asked_; }

private:
    void on_request(http2::StreamId id, http2::Request request) override;
    void on_data(http2::StreamId id, std::string_view bytes) override;
    void on_end(http2::StreamId id) override;
    void on_closed(http2::StreamId id) override { bury(id); }
    std::size_t read_body(http2::StreamId id, std::span<char> into, bool& is_last) override;

    Http2Stream* find(http2::StreamId id);
    void settle_streams();
    void end_streams();

    Connection& connection_;
    Worker& worker_;
    http2::Session session_;
    std::unordered_map<http2::StreamId, std::unique_ptr<Http2Stream>> streams_;
    std::vector<http2::StreamId> touched_;
    std::vector<http2::StreamId> settling_;  // those being settled; kept for its memory
    std::vector<http2::StreamId> ended_;
    std::vector<http2::StreamId> held_;
    std::shared_ptr<const int> asked_ = std::make_shared<int>(0);
    std::string_view fed_;
    bool has_asked_ = false;
    Clock::time_point empty_since_ = Clock::now();  // without a stream
};

}  // namespace limp::net
