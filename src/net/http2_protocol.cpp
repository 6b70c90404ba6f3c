#include "net/http2_protocol.hpp"

#include <utility>

#include "net/connection.hpp"
#include "net/http2_exchange.hpp"
#include "net/http2_websocket.hpp"
#include "net/worker.hpp"

namespace limp::net {
namespace {

constexpr std::size_t sent_at_once = 128 * 1024;

http2::Limits limits_of(const Options& options) {
    return {
        .header_bytes = options.header_bytes,
        .streams_max = options.streams_max,
        .control_frames_per_second = options.control_frames_per_second,
    };
}

}  // namespace

void Http2Stream::touch_stream() {
    protocol_.touch(*this, id_);
}

void Http2Stream::end(http2::ErrorCode why) {
    session().reset(id_, why);
    protocol_.bury(id_);
    touch_stream();
}

http2::Session& Http2Stream::session() {
    return protocol_.session();
}

Connection& Http2Stream::connection() {
    return protocol_.connection();
}

Worker& Http2Stream::worker() {
    return protocol_.worker();
}

Http2Protocol::Http2Protocol(Connection& connection, Worker& worker, std::string_view begun)
    : connection_(connection), worker_(worker), session_(*this, limits_of(worker.options())) {
    session_.feed(begun);
    connection_.touch();  // the server's settings go out at once
}

Http2Protocol::~Http2Protocol() = default;

void Http2Protocol::feed(char* bytes, std::size_t count) {
    fed_ = {bytes, count};
}

bool Http2Protocol::work() {
    session_.feed(std::exchange(fed_, {}));
    settle_streams();  // at once, as a connection of HTTP/1.1 does: their answers may still leave in this turn
    connection_.touch();
    return true;
}

void Http2Protocol::touch(Http2Stream& stream, http2::StreamId id) {
    if (std::exchange(stream.is_touched, true)) return;
    touched_.push_back(id);
    connection_.touch();
}

void Http2Protocol::settle_streams() {
    settling_.swap(touched_);
    for (const http2::StreamId id : settling_) {
        Http2Stream* stream = find(id);
        if (!stream) continue;
        stream->is_touched = false;
        if (!connection_.is_over()) stream->on_turn();
    }
    settling_.clear();
}

void Http2Protocol::on_turn() {
    settle_streams();
    if (connection_.is_over()) end_streams();
    for (const http2::StreamId id : std::exchange(ended_, {})) {
        const auto stream = streams_.extract(id);
        if (!stream.empty()) stream.mapped()->on_closed();
    }
    if (streams_.empty() && has_asked_) empty_since_ = std::max(empty_since_, connection_.progress_at());
}

void Http2Protocol::end_streams() {
    for (const auto& [id, stream] : streams_) bury(id);
}

void Http2Protocol::fill_output() {
    session_.send(connection_.output(), sent_at_once);
    if (answer_bytes == 0)
        for (const http2::StreamId id : std::exchange(held_, {}))
            if (Http2Stream* stream = find(id)) touch(*stream, id);
    if (!ended_.empty()) connection_.touch();
    if (session_.is_over()) connection_.finish();
}

Http2Stream* Http2Protocol::find(http2::StreamId id) {
    const auto found = streams_.find(id);
    return found == streams_.end() ? nullptr : found->second.get();
}

void Http2Protocol::on_request(http2::StreamId id, http2::Request request) {
    has_asked_ = true;
    std::unique_ptr<Http2Stream> stream;
    if (request.http.method == "CONNECT" && !request.headers_too_large) {
        stream = std::make_unique<Http2WebSocket>(*this, id, std::move(request));
    } else {
        stream = std::make_unique<Http2Exchange>(*this, id, std::move(request));
    }
    touch(*stream, id);
    streams_.emplace(id, std::move(stream));
}

void Http2Protocol::on_data(http2::StreamId id, std::string_view bytes) {
    if (Http2Stream* stream = find(id)) return stream->on_data(bytes);
    session_.consume(id, bytes.size());
}

void Http2Protocol::on_end(http2::StreamId id) {
    if (Http2Stream* stream = find(id)) stream->on_end();
}

std::size_t Http2Protocol::read_body(http2::StreamId id, std::span<char> into, bool& is_last) {
    Http2Stream* stream = find(id);
    return stream ? stream->read_body(into, is_last) : 0;
}

void Http2Protocol::on_end() {
    connection_.finish();
}

void Http2Protocol::on_sweep(Clock::time_point now) {
    for (const auto& [id, stream] : streams_) stream->on_sweep(now);
    const Options& options = worker_.options();
    if (connection_.waiting_bytes() > 0 && now - connection_.progress_at() >= options.idle_timeout) {
        return connection_.cut();
    }
    if (!streams_.empty() || now - empty_since_ < (has_asked_ ? options.idle_timeout : options.handshake_timeout)) {
        return;
    }
    session_.terminate(http2::ErrorCode::none);
    connection_.touch();
}

void Http2Protocol::on_stopping() {
    session_.shut_down();
    for (const auto& [id, stream] : streams_) stream->on_stopping();
    connection_.touch();
}

void Http2Protocol::on_closed() {
    for (const auto& [id, stream] : std::exchange(streams_, {})) stream->on_closed();
}

}  // namespace limp::net
