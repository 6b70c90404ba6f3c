// query/cursor.hpp: a place in an order, as text that clients hand back: args.next of an answer, $after of a query.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "limp/query.hpp"
#include "limp/value.hpp"

namespace limp::query {

// Of FoundText::end. Objects and lists are all alike in an order, and empty in the text.
std::string write_cursor(std::span<const Value> place);

// The place in that order. Trusts nothing of the text: throws Refusal 400 CORE_QUERY_INVALID when it is none that an
// answer with this $sort gave.
std::vector<Value> read_cursor(std::string_view text, std::span<const SortKey> sort);

}  // namespace limp::query
