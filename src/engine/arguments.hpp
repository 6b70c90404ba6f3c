// engine/arguments.hpp: the arguments that a method declares, found in a call's query and doc.
#pragma once

#include "engine/registry.hpp"
#include "types/types.hpp"

namespace limp::engine {

// Checks that each "!" argument is there and at least one of the "^" arguments, then takes out those that are no attrs
// of the module (all of them for a method of one's own), converted by their types. In a query an argument is a member
// of the object form, bare or as {val: …}, or of any object step of the list form. Throws Refusal 400
// <PACKAGE>_<MODULE>_MISSING_ATTR or _INVALID_ATTR.
Object take_query_arguments(
    const CompiledModule& module, const Method& method, Value& query, const types::Context& types
);
Object take_doc_arguments(
    const CompiledModule& module, const Method& method, Document& doc, const types::Context& types
);

}  // namespace limp::engine
