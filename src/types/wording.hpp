// types/wording.hpp: the words that refusals of values are made of.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "limp/value.hpp"
#include "types/types.hpp"

namespace limp::types {

// What a value is, for the end of a sentence: "a text", "a whole number", "null".
std::string_view said(const Value& value);

// The error of a value that is not what was wanted ("must be a text"): `must be a text; it is a list`.
TypeError not_that(std::string_view wanted, const Value& value);

// Runs the work; what it says about a value is said about the place inside which that value stands.
template <class Work>
auto inside(const std::string& place, Work work) {
    try {
        return work();
    } catch (const TypeError& error) {
        throw TypeError(place + error.path, error.what());
    }
}

}  // namespace limp::types
