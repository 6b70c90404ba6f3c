// store/edits.hpp: the steps of an update inside a document (limp/store.hpp has what each does).
#pragma once

#include <span>

#include "limp/store.hpp"

namespace limp::store {

// Does them in order; those inside what the store itself keeps are dropped. Null counts as missing. Objects on the way
// to a value are made where they are missing. Throws EditMisfit.
void edit(Document& document, std::span<const Edit> edits);

// Whether one of the edits goes into an attr that differs in the two documents.
bool have_changed(std::span<const Edit> edits, const Document& before, const Document& after);

}  // namespace limp::store
