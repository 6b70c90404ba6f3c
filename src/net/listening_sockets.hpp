// net/listening_sockets.hpp: binds one address for several loops.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "net/descriptor.hpp"

namespace limp::net {

struct ListeningSockets {
    std::vector<Descriptor> sockets;  // non-blocking, listening
    std::uint16_t port = 0;
};

// `count` sockets on the same address and port (0: any free port). Throws std::system_error when that cannot be,
// also when another process listens there already.
ListeningSockets listen_on(const std::string& address, std::uint16_t port, std::size_t count);

}  // namespace limp::net
