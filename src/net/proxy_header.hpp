// net/proxy_header.hpp: the PROXY protocol, version 2: what a proxy says, before all else, of whom it speaks for.
//
// As HAProxy specifies it (The PROXY protocol, section 2.2): a signature of 12 bytes, a command, a family, a length,
// two addresses, and further fields, which mean nothing here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace limp::net {

struct ProxyHeader {
    // Longer ones are wrong: addresses take 36 bytes, and a proxy's further fields some hundred.
    static constexpr std::size_t bytes_max = 4096;

    enum class State { need_more, complete, wrong };

    State state = State::need_more;
    std::size_t bytes = 0;  // of a complete one
    std::string address;    // empty: the proxy speaks for itself, as when it looks whether we are there
};

// What `received`, all that has come so far, begins with.
ProxyHeader read_proxy_header(std::string_view received);

}  // namespace limp::net
