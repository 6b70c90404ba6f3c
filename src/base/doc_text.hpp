// base/doc_text.hpp: from JSON text, or from a document, to a DocText (limp/doc_text.hpp).
//
// Cost  One pass over the text, without making values of what is in it.
#pragma once

#include <string>

#include "limp/doc_text.hpp"
#include "limp/value.hpp"

namespace limp::base {

// Requires: `json` is an object that to_json() wrote. Throws JsonError when it is no JSON object.
DocText to_doc_text(std::string json);
DocText to_doc_text(const Document& document);

}  // namespace limp::base
