// base/id.hpp: ids and other unguessable text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace limp::base {

// A new document id: 24 lower-case hex digits, ascending with time on one thread and nearly so across threads
// (4 bytes of seconds, 5 random bytes of this thread, a 3-byte counter: the layout of a MongoDB ObjectId).
std::string new_id();

// 24 hex digits straight from the system's random source, for what must not be guessed.
std::string new_random_id();

// `count` bytes from the system's random source.
std::string random_bytes(std::size_t count);

// Whether the text is an id: exactly 24 hex digits of either case.
bool is_id(std::string_view text);

}  // namespace limp::base
