// app/http.hpp: what the doors ask of HTTP requests, and answers that several of them give.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/server.hpp"

namespace limp::app {

// The target without its query string: "/blog/read".
std::string_view path_of(const net::HttpRequest& request);

// The value of the first header of that name, in lower case; empty: there is none.
std::string_view header(const net::HttpRequest& request, std::string_view name);

// The parts between the slashes, decoded: "/blog/read/a%20b" is blog, read and "a b". Nothing when an escape is wrong
// or what it says is no UTF-8.
std::optional<std::vector<std::string>> segments(std::string_view path);

bool is_get_or_head(const net::HttpRequest& request);

net::HttpResponse refuse(int status, std::string_view code, std::string_view message);

// 405, or the answer to OPTIONS. `allowed`: "GET, HEAD".
net::HttpResponse not_with_this_verb(const net::HttpRequest& request, std::string_view allowed);

// Answers 304, without its body, to whoever has it already: If-None-Match names the response's ETag.
net::HttpResponse unless_known(const net::HttpRequest& request, net::HttpResponse response);

// Whether one of the entity tags in that header is `etag`, which is quoted; they are compared weakly (RFC 9110 §8.8.3).
bool names_etag(const net::HttpRequest& request, std::string_view header_name, std::string_view etag);

}  // namespace limp::app
