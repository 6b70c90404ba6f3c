// app/origin.hpp: which pages may open a socket here (docs/protocol.md, "Origin").
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace limp::app {

// An absent Origin is no browser and is allowed; so is the host's own page, in a dev env any page of this machine
// (localhost, 127.0.0.0/8, ::1), and whatever is on the list ("https://app.example.com"; "*": any).
bool is_allowed_origin(
    std::string_view origin, std::string_view host, bool is_dev, std::span<const std::string> allowed
);

}  // namespace limp::app
