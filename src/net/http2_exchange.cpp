#include "net/http2_exchange.hpp"

#include <algorithm>
#include <charconv>
#include <exception>
#include <utility>

#include "base/log.hpp"
#include "net/connection.hpp"
#include "net/http2_protocol.hpp"
#include "net/http_answer.hpp"
#include "net/tokens.hpp"
#include "net/worker.hpp"

namespace limp::net {
namespace {

// Of one connection: requests that come while more waits to be sent are answered when it is gone.
constexpr std::size_t answers_waiting_bytes = 256 * 1024;

// Bodies that come at the same time on one connection, in bodies of the largest size.
constexpr std::size_t bodies_max = 4;

std::size_t announced_bytes(const HttpRequest& request) {
    std::size_t bytes = 0;
    for (const std::string_view text : header_values(request, "content-length"))
        std::from_chars(text.data(), text.data() + text.size(), bytes);
    return bytes;
}

}  // namespace

Http2Exchange::Http2Exchange(Http2Protocol& protocol, http2::StreamId id, http2::Request request)
    : Http2Stream(protocol, id), request_(std::move(request)) {}

Http2Exchange::~Http2Exchange() {
    protocol_.body_bytes -= request_.http.body.size();
    forget_body();
}

void Http2Exchange::forget_body() {
    protocol_.answer_bytes -= std::exchange(body_held_, 0);
    body_.reset();
}

void Http2Exchange::on_data(std::string_view bytes) {
    session().consume(id_, bytes.size());
    if (is_answered_) return;
    is_too_large_ = is_too_large_ || request_.http.body.size() + bytes.size() > worker().options().body_bytes;
    if (!is_too_large_) {
        request_.http.body += bytes;
        protocol_.body_bytes += bytes.size();
    }
    touch_stream();
}

void Http2Exchange::on_end() {
    request_.is_complete = true;
    touch_stream();
}

void Http2Exchange::on_turn() {
    if (has_failed_) return end(http2::ErrorCode::internal);
    if (is_answered_) return;
    if (asking_.is_under_way()) return;
    if (request_.headers_too_large) return refuse(431, "The headers are larger than this server takes.");
    const std::size_t limit = worker().options().body_bytes;
    if (is_too_large_ || announced_bytes(request_.http) > limit) {
        return refuse(413, "The body is larger than this server takes.");
    }
    if (protocol_.body_bytes > bodies_max * limit) {
        return refuse(503, "Too much is being sent on this connection at the same time.");
    }
    if (request_.is_complete) return ask();
    if (!std::exchange(has_gone_on_, true) && has_token(request_.http, "expect", "100-continue")) {
        session().go_on(id_);
    }
}

void Http2Exchange::ask() {
    if (protocol_.answer_bytes > answers_waiting_bytes) return protocol_.hold(id_);
    if (protocol_.asked() >= 2 * worker().options().streams_max) {
        return session().terminate(http2::ErrorCode::calm_down);  // it resets streams to open others
    }
    protocol_.body_bytes -= request_.http.body.size();
    Peer peer = peer_of(worker().options().trusted_proxies, connection().address(), request_.http);
    asking_.ask(
        worker().doorkeeper(), std::exchange(request_.http, {}), std::move(peer),
        [this, count = protocol_.count_asked()](const HttpRequest& to, HttpResponse response) {
            answer(to.method != "HEAD", std::move(response));
        }
    );
}

void Http2Exchange::answer(bool with_body, HttpResponse response) {
    is_answered_ = true;
    moved_at_ = Clock::now();
    with_body = with_body && has_body(response.status) && body_bytes(response) > 0;
    session().answer(id_, response.status, answer_headers(response), with_body);
    protocol_.body_bytes -= request_.http.body.size();
    request_.http.body = std::string();
    if (with_body) {
        body_held_ = response.file ? 0 : response.body.size();
        protocol_.answer_bytes += body_held_;
        body_ = response.file ? std::move(*response.file) : Bytes(std::move(response.body));
    }
    is_sent_ = !with_body;
    touch_stream();
}

void Http2Exchange::refuse(int status, std::string_view why) {
    answer(request_.http.method != "HEAD", refusal(status, "CORE_REQ_BAD_HTTP", why));
}

std::size_t Http2Exchange::read_body(std::span<char> into, bool& is_last) {
    if (has_failed_) return 0;
    moved_at_ = Clock::now();
    std::size_t count = 0;
    try {
        count = body_->read(sent_, into);
    } catch (const std::exception& error) {
        base::log_error("net", "a file cannot be sent to its end", {{"error", error.what()}});
        has_failed_ = true;
        touch_stream();
        return 0;
    }
    sent_ += count;
    is_last = sent_ == body_->size();
    if (is_last) {
        forget_body();
        is_sent_ = true;
        touch_stream();
    }
    return count;
}

void Http2Exchange::on_sweep(Clock::time_point now) {
    const Options& options = worker().options();
    if (is_answered_ && !is_sent_ && now - moved_at_ >= options.idle_timeout) return end(http2::ErrorCode::cancel);
    // What is still coming of a request that was refused is read for a while: clients that are reset in the middle of
    // it do not look at the answer.
    if (is_sent_ && now - moved_at_ >= options.close_timeout) return end(http2::ErrorCode::none);
    if (is_answered_ || request_.is_complete || now - since_ < options.handshake_timeout) return;
    refuse(408, "The request did not come in time.");
}

}  // namespace limp::net
