// store/words.hpp: the words of documents, as searches compare them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "limp/query.hpp"
#include "limp/value.hpp"

namespace limp::store {

// All of them, in their order: of a text, or of all texts in a list or an object.
std::vector<std::string> words_in(const Value& value);

// How often the document has words that are searched for, where they are searched.
std::int64_t occurrences(const Search& search, const Document& document);

}  // namespace limp::store
