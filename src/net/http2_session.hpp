// net/http2_session.hpp: HTTP/2 (RFC 9113) and its extended CONNECT (RFC 8441), server side, without I/O.
//
// Bytes go in by feed(), what they say comes out through the Listener; send() gives the bytes for the peer. The only
// file that includes nghttp2 is this one's source.
//
// Flow      What was received counts against the windows until consume() says that it was taken: a stream that is not
//           consumed soon holds its sender up, and no other. A connection's window is large enough for all its streams.
// Limits    http2::Limits, and those that nghttp2 has by itself: streams that are opened and reset at once,
// CONTINUATION
//           frames without end, settings, and answers to pings that nobody fetches. Past one, or when the peer breaks
//           the protocol: GOAWAY with its code; what breaks the rules within one stream resets that stream alone.
// Threads   One session, one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/protocol.hpp"
#include "net/server.hpp"

namespace limp::net::http2 {

using StreamId = std::int32_t;

// RFC 9113 §7: those that are used here.
enum class ErrorCode : std::uint32_t { none = 0, protocol = 1, internal = 2, refused = 7, cancel = 8, calm_down = 11 };

struct Limits {
    std::size_t header_bytes = 16 * 1024;  // of a request, as RFC 9113 §10.5.1 counts them
    std::uint32_t streams_max = 100;       // open at a time; so many twice may be reset within a second
    std::uint32_t stream_window = 256 * 1024;
    std::size_t control_frames_per_second = 100;  // pings, settings, priorities, and DATA frames without any
};

// The head of a request. `http` has its authority as the header "host".
struct Request {
    HttpRequest http;
    std::string protocol;            // of an extended CONNECT; empty: none
    bool headers_too_large = false;  // and `http` has but some of them
    bool is_complete = false;        // no body follows
};

class Listener {
public:
    // While bytes are fed, in their order; none of these may feed or send. A stream is heard of from on_request to
    // on_closed, which comes also when either side resets it, and then it is gone.
    virtual void on_request(StreamId stream, Request request) = 0;
    virtual void on_data(StreamId stream, std::string_view bytes) = 0;
    virtual void on_end(StreamId stream) = 0;
    virtual void on_closed(StreamId stream) = 0;

    // While bytes are sent: writes the next ones of that stream's body, and sets `is_last` with the last of them.
    // None, and not the last: nothing is ready, until resume().
    virtual std::size_t read_body(StreamId stream, std::span<char> into, bool& is_last) = 0;

protected:
    ~Listener() = default;
};

class Session {
public:
    // The listener outlives it.
    Session(Listener& listener, const Limits& limits);
    ~Session();

    void feed(std::string_view bytes);

    // Appends frames that are ready, until there are none or it has appended about that much.
    void send(std::string& out, std::size_t about_bytes);

    // Nothing more will come of it: neither frames for the peer nor sense of what the peer says.
    bool is_over() const;

    // Sends a response's head, with names in lower case and without what HTTP/1.1 says of its connection; read_body()
    // then gives the body. `with_body` false: the head is all.
    void answer(StreamId stream, int status, const Headers& headers, bool with_body);

    // The head "100", before the answer.
    void go_on(StreamId stream);

    // The body has something to read again.
    void resume(StreamId stream);

    // So many of the bytes of on_data() were taken, or thrown away.
    void consume(StreamId stream, std::size_t bytes);

    void reset(StreamId stream, ErrorCode why);

    // No new streams from here on; those that are open go on.
    void shut_down();

    // The end of all streams.
    void terminate(ErrorCode why);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace limp::net::http2
