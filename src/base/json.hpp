// base/json.hpp: JSON text to limp::Value and back.
//
// In   Strict RFC 8259 by simdjson, and more: a duplicate key anywhere is an error, depth and number of values are
//      bounded. An integer literal within int64 is an integer, one outside it is an error; "1.0" and "1e3" are reals.
// Out  No spaces, raw UTF-8, shortest doubles that read back the same (a real always has "." or "e" in it).
// Cost Parsing copies what it keeps; the parser's own buffers are reused by each thread.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include "limp/value.hpp"

namespace limp::base {

struct JsonLimits {
    std::size_t depth = 64;        // nested lists and objects
    std::size_t values = 100'000;  // members and elements in all
};

// The text is no JSON, or more than the limits allow. what() says why, for people.
class JsonError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

Value parse_json(std::string_view text, const JsonLimits& limits = {});

std::string to_json(const Value& value);
std::string to_json(const Object& object);

// The same, at the end of what is there.
void append_json(std::string& out, const Value& value);
void append_json(std::string& out, const Object& object);
void append_json_string(std::string& out, std::string_view text);

}  // namespace limp::base
