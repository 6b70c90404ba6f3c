// wire/call_id.hpp: finds the call_id of a call, as it was written, also where the rest is nonsense.
#pragma once

#include <cstddef>
#include <string_view>

namespace limp::wire {

inline constexpr std::size_t call_id_bytes_max = 128;

// The raw text of the member "call_id" of that JSON object; it is valid JSON, and may be sent back as it is. Empty when
// there is none, or it is a list, an object or longer than call_id_bytes_max. The text need not be JSON, nor whole:
// what stands before its first error counts.
std::string_view find_call_id(std::string_view object);

}  // namespace limp::wire
