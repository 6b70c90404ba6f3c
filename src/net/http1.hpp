// net/http1.hpp: HTTP/1.1 requests out of bytes (RFC 9112), without I/O.
//
// Strict where servers and proxies have been played off against each other: lines end in CRLF, no folded lines, one
// Host, one Content-Length or one Transfer-Encoding and never both; trailers are read and dropped.
//
// Limits   header_bytes bounds the request line and the headers together, body_bytes the body. Memory: one request.
// Errors   After `failed` the connection is out of step: answer with the status and close.
// Threads  One parser, one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "net/server.hpp"

namespace limp::net {

// How a client begins that knows the server to speak HTTP/2 (RFC 9113 §3.4): a request that HTTP/1.1 has not.
inline constexpr std::string_view http2_preface_half = "PRI * HTTP/2.0\r\n\r\n";

struct Http1Request {
    HttpRequest request;
    bool is_1_0 = false;
    bool keep_alive = true;  // HTTP/1.0 is answered and closed, whatever it asks for
};

class Http1Parser {
public:
    enum class State {
        need_more,         // all was used
        expects_continue,  // the client waits for "100 Continue"; feed the rest, when that was sent
        complete,          // take() the request; feed the rest for the next one
        is_http2,          // the client speaks HTTP/2; what was used is http2_preface_half
        failed,            // see status and why
    };
    struct Outcome {
        State state = State::need_more;
        std::size_t used = 0;       // of the bytes fed
        int status = 0;             // 400, 413, 417, 431, 501 or 505
        std::string_view why = {};  // a sentence for people; a literal
    };

    Http1Parser(std::size_t header_bytes, std::size_t body_bytes);
    ~Http1Parser();

    Outcome feed(std::string_view bytes);

    // Requires: the last outcome was `complete`.
    Http1Request take();

    // Whether nothing of a request has come since the last one.
    bool is_idle() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace limp::net
