// engine/collections.hpp: what the store is told of a module: its unique attrs, what it is found by, how its documents
// are brought up to date.
#pragma once

#include <optional>
#include <vector>

#include "engine/registry.hpp"
#include "limp/settings.hpp"
#include "limp/store.hpp"

namespace limp::engine {

// Of every module that keeps documents.
std::vector<Collection> collections(const Registry& registry, const Settings& settings);

// How values of the attr are kept where documents are found by them; nothing when they cannot be.
std::optional<Collection::Column> column_of(const Attr& attr);

// Whether "was" and "indexes" mean something. Throws DeclarationError at "blog.was.title", "blog.indexes[1]".
void check_upkeep(const Module& module);

}  // namespace limp::engine
