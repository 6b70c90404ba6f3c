// query/place.hpp: where in a document a filter looks or an order sorts by.
#pragma once

#include <string_view>

#include "limp/attr.hpp"
#include "limp/query.hpp"
#include "query/parser.hpp"

namespace limp::query {

struct Place {
    // On the way: from one document to those that it refers to, as far as the caller may read them.
    std::vector<SortKey::Hop> hops;
    const Module* module = nullptr;  // of the document that has `path`
    AttrPath path;
    Type type;                  // of what is found there
    bool through_list = false;  // a list is on the way: one document may have many such places
};

// The place that a key names: an attr of the module, "_id", "_rev", or a path with dots into one of them, or through
// references into other modules. Throws Refusal 400 when there is no such place, or none that this caller may know of.
Place find_place(std::string_view key, const Parsing& parsing);

// The attr of the module, "_id" or "_rev", that this caller may know of. Throws Refusal 400.
Type attr_type(std::string_view name, const Module& module, std::span<const std::string> hidden);

}  // namespace limp::query
