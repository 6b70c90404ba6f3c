// package/located_json.hpp: JSON with comments, in which everything knows the line it stands on.
//
// In      RFC 8259 and // and /* */ comments, nothing else: no trailing commas, no duplicate keys, UTF-8 only, at most
//         64 levels deep. Integers are exact within int64 (beyond it they are an error), doubles are the nearest.
// How     jsoncpp finds what stands where; each scalar's own text is then read by base/json.hpp, which is exact.
// Source  https://github.com/open-source-parsers/jsoncpp, Json::Value::getOffsetStart.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "limp/value.hpp"

namespace limp::package {

struct Node {
    int line = 1;  // of its first character
    Value::Kind kind = Value::Kind::null;
    Value scalar;             // null, boolean, integer, real, string
    std::string name;         // as a member of an object
    std::vector<Node> nodes;  // the elements of a list, the members of an object, in the order of the file

    // The member of that name when this is an object that has it, else nullptr.
    const Node* find(std::string_view member) const;

    // Without the lines.
    Value value() const;
};

// The text is no such JSON. what() says why, for people.
class LocatedJsonError : public std::runtime_error {
public:
    LocatedJsonError(int at, const std::string& what) : std::runtime_error(what), line(at) {}
    int line;
};

Node parse_located_json(std::string_view text);

// The place that a path like ".methods.read.permissions[0].query" leads to from here, or the nearest one around it that
// there is.
const Node& nearest_place(const Node& root, std::string_view path);

}  // namespace limp::package
