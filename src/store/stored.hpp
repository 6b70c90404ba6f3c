// store/stored.hpp: documents as they are stored, and the attrs that the store itself keeps in them.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "limp/value.hpp"

namespace limp::store {

// Whoever creates or updates a document does not set these; what is given for them is dropped.
inline bool is_kept_by_store(std::string_view attr) {
    return attr == "_id" || attr == "_rev" || attr == "__deleted";
}

inline const std::string& id_of(const Document& document) {
    const Value* id = document.find("_id");
    if (!id || !id->is_string()) throw std::invalid_argument("a document to store needs a text as _id");
    return id->string();
}

// A document as it was stored.
Document parse_document(std::string_view text);

// Requires: the document is a stored one.
inline std::int64_t revision_of(const Document& document) {
    return document.find("_rev")->integer();
}

inline bool is_deleted(const Document& document) {
    const Value* deleted = document.find("__deleted");
    return deleted && *deleted == Value(true);
}

}  // namespace limp::store
