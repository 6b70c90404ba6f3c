// query/matcher.hpp: the filter tree and the sort order, evaluated in process. What it says is what every store driver
// must say.
#pragma once

#include <span>

#include "limp/query.hpp"
#include "limp/value.hpp"

namespace limp::query {

bool matches(const Filter& filter, const Document& document);

// Whether left comes before right. An empty order is by _id, newest first; equal documents are told apart by _id,
// descending. Missing and null come first ascending, then booleans, numbers, texts, objects, lists (MongoDB's order);
// all objects are alike, and so are all lists. What stands inside a list counts as missing.
bool comes_before(std::span<const SortKey> order, const Document& left, const Document& right);

}  // namespace limp::query
