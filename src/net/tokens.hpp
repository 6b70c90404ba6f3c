// net/tokens.hpp: headers that are lists ("Connection: keep-alive, Upgrade").
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/server.hpp"

namespace limp::net {

// The values of all headers of that name; `name` in lower case.
std::vector<std::string_view> header_values(const HttpRequest& request, std::string_view name);

// The elements of all headers of that name, in order, without the space around them and without empty ones.
std::vector<std::string> tokens(const HttpRequest& request, std::string_view name);

// Whether one of them is `token`, which is in lower case; the case of what the client wrote does not matter.
bool has_token(const HttpRequest& request, std::string_view name, std::string_view token);

}  // namespace limp::net
