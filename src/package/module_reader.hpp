// package/module_reader.hpp: one member of "modules" or "templates" into a Module.
#pragma once

#include <map>
#include <string>

#include "limp/module.hpp"
#include "package/place.hpp"

namespace limp::package {

// `place` is the module's object; its name is the module's. `package`: the name of the package. Throws ManifestError.
Module read_module(const Place& place, const std::string& package, const std::map<std::string, Module>& templates);

// The same for a template, which is a module but for where its documents are kept and what it is made from.
Module read_template(const Place& place, const std::string& package);

}  // namespace limp::package
