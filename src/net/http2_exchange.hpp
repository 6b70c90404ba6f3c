// net/http2_exchange.hpp: a stream that is a request and its answer.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "limp/bytes.hpp"
#include "net/asking.hpp"
#include "net/http2_stream.hpp"

namespace limp::net {

class Http2Exchange final : public Http2Stream {
public:
    Http2Exchange(Http2Protocol& protocol, http2::StreamId id, http2::Request request);
    ~Http2Exchange() override;

    void on_data(std::string_view bytes) override;
    void on_end() override;
    std::size_t read_body(std::span<char> into, bool& is_last) override;
    void on_turn() override;
    void on_sweep(Clock::time_point now) override;
    void on_stopping() override {}  // it is still answered
    void on_closed() override {}

private:
    void ask();
    void answer(bool with_body, HttpResponse response);
    void refuse(int status, std::string_view why);
    void forget_body();

    http2::Request request_;
    Asking asking_;
    bool is_too_large_ = false;  // the body
    bool has_gone_on_ = false;   // a client that waits for "100 Continue" was told so
    bool is_answered_ = false;
    bool is_sent_ = false;       // the whole answer
    std::optional<Bytes> body_;  // of the answer: sent up to sent_
    std::size_t body_held_ = 0;  // of it in memory
    std::size_t sent_ = 0;
    bool has_failed_ = false;  // to read it
    const Clock::time_point since_ = Clock::now();
    Clock::time_point moved_at_ = since_;  // when something of the answer was sent
};

}  // namespace limp::net
