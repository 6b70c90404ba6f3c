// limp/package.hpp: a package, the unit that limpd loads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "limp/module.hpp"
#include "limp/value.hpp"

namespace limp {

// A document that must exist when limpd runs: looked up by its _id, created when absent, never deleted by a call.
struct EnsuredDocument {
    std::string module;
    Document doc;                         // with _id
    std::optional<std::string> password;  // for users: set together with the document
};

struct Package {
    std::string name;
    std::vector<Module> modules;
    std::vector<EnsuredDocument> documents;
    std::vector<Module> templates;  // modules that others may be made from: "template": "content" in a manifest
};

}  // namespace limp
