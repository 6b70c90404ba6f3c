// net/http_answer.hpp: HTTP/1.1 answers into bytes.
#pragma once

#include <string>
#include <string_view>

#include "net/server.hpp"

namespace limp::net {

struct AnswerFraming {
    bool with_body = true;   // false: to HEAD; Content-Length still says how long the body is
    bool keep_alive = true;  // false: "Connection: close"
};

// Appends the answer with Server, Date and Content-Length. Control characters in the headers' values become spaces,
// so that no value can begin a line of its own.
void append_answer(std::string& out, const HttpResponse& response, const AnswerFraming& framing);

// Appends "HTTP/1.1 101 …", Server, Date and these headers.
void append_switch(std::string& out, const std::vector<std::pair<std::string, std::string>>& headers);

// What the server itself declines: {"status":…,"msg":…,"args":{"code":…}}.
HttpResponse refusal(int status, std::string_view code, std::string_view message);

}  // namespace limp::net
