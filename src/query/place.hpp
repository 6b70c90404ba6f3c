// query/place.hpp: where in a document a filter looks or an order sorts by.
#pragma once

#include <string_view>

#include "limp/attr.hpp"
#include "limp/query.hpp"
#include "query/parser.hpp"

namespace limp::query {

struct Place {
    AttrPath path;
    Type type;                  // of what is found there
    bool through_list = false;  // the path goes into the elements of a list: one document may have many such places
};

// The place that a key names: an attr of the module, "_id", "_rev", or a path with dots into one of them.
// Throws Refusal 400 when there is no such place, or none that this caller may know of.
Place find_place(std::string_view key, const Parsing& parsing);

}  // namespace limp::query
