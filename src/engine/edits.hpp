// engine/edits.hpp: what an update's doc may hold beside whole values: operators, and paths that go into an attr.
//
//     {"views": {"$add": 1}, "tags": {"$append": "new", "$unique": true}, "author.name": "Ann", "title.ar_AE": null}
//
// docs/updates.md has them all. They are typed here and done by the store, to the value that is there by then.
//
// Errors   types::TypeError, as the rest of a sentence that begins with the attr's name.
#pragma once

#include <string>
#include <string_view>

#include "limp/attr.hpp"
#include "limp/store.hpp"
#include "types/types.hpp"

namespace limp::engine {

// The attr that a key of an update's doc goes into: "author" of "author.name".
std::string_view root_of(std::string_view key);

// Removes what goes into that attr.
void drop(Document& doc, std::string_view attr);

// Whether the value is an object with one of the operators' names in it; for an update any name that begins with "$".
bool has_operator(const Value& value);
bool is_operation(const Value& value);

// Where a key leads.
struct EditPlace {
    AttrPath path;
    Type type;
    bool optional = false;  // what is there may be removed
};
EditPlace place_of(const Attr& attr, std::string_view key, const types::Context& context);

// The operation with its operand as it is stored.
Value typed_operation(const Type& type, const Object& operation, const types::Context& context);

// The edit that a typed value, or a typed operation, at that key is.
Edit edit_of(std::string_view key, const Value& typed);

}  // namespace limp::engine
