// net/http_answer.hpp: HTTP/1.1 answers into bytes, and what HTTP/2 says alike.
#pragma once

#include <string>
#include <string_view>

#include "net/server.hpp"

namespace limp::net {

struct AnswerFraming {
    bool with_body = true;   // false: to HEAD; Content-Length still says how long the body is
    bool keep_alive = true;  // false: "Connection: close"
};

// Appends the answer with Server, Date and Content-Length, and its body, but not its file. Control characters in the
// headers' values become spaces, so that no value can begin a line of its own.
void append_answer(std::string& out, const HttpResponse& response, const AnswerFraming& framing);

// The headers of that answer, for HTTP/2; the values as they are. And those of an answer whose body is no document.
Headers answer_headers(const HttpResponse& response);
Headers origin_headers();

// Whether an answer of that status has a body, and headers that speak of it.
constexpr bool has_body(int status) {
    return status != 204 && status != 304;
}

// Of its file, if it has one, or of its body.
std::size_t body_bytes(const HttpResponse& response);

// Appends "HTTP/1.1 101 …", Server, Date and these headers.
void append_switch(std::string& out, const Headers& headers);

// What the server itself declines: {"status":…,"msg":…,"args":{"code":…}}.
HttpResponse refusal(int status, std::string_view code, std::string_view message);

}  // namespace limp::net
