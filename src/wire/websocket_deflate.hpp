// wire/websocket_deflate.hpp: permessage-deflate (RFC 7692 §7.2), a message at a time.
//
// No state goes from one message to the next (no_context_takeover both ways), so a thread's connections share its zlib
// streams: an idle connection holds none of their 300 kB.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace limp::wire {

enum class Inflated { complete, too_big, malformed };

// The message that came as `compressed`, into `out`: never more than bytes_max + 1 bytes. What is in `out` is of no use
// unless the message is complete.
Inflated inflate_message(std::string_view compressed, std::size_t bytes_max, std::string& out);

// The payload that stands for that message, or nothing when it would not be shorter. `window_bits`: 9 to 15.
std::optional<std::string> deflate_message(std::string_view message, int window_bits);

}  // namespace limp::wire
