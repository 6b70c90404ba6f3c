// engine/ensured.hpp: the documents that must exist when limpd runs, checked before anything is stored.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/registry.hpp"
#include "limp/package.hpp"
#include "limp/settings.hpp"
#include "limp/store.hpp"

namespace limp::engine {

// A document that is ready to be created.
struct ReadyDocument {
    const Module* module = nullptr;
    std::string id;
    std::vector<Change> changes;  // the document, and the bytes of its files
    std::optional<std::string> password;
};

// Throws DeclarationError at "docs[i]" of the package: an unknown module or attr, an _id that is none, a value of the
// wrong type, a missing attr.
std::vector<ReadyDocument> ready_documents(
    const std::vector<PackageRef>& packages, const Registry& registry, const Settings& settings
);

}  // namespace limp::engine
