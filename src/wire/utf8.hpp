// wire/utf8.hpp: UTF-8 that arrives in pieces.
//
// Source  The Unicode Standard, table 3-7 (well-formed byte sequences). For a whole text see base::is_utf8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace limp::wire {

// Finds what can no longer become valid UTF-8 in the piece in which that becomes certain.
class Utf8Stream {
public:
    // False when no text begins with all that was taken so far; then the stream is of no more use.
    bool take(std::string_view piece);

private:
    bool take_byte(std::uint8_t byte);

    std::uint8_t missing_ = 0;  // bytes of the character that is under way
    std::uint8_t low_ = 0x80;   // what its next byte may be
    std::uint8_t high_ = 0xBF;
};

}  // namespace limp::wire
