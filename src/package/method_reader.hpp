// package/method_reader.hpp: one member of "methods" into a Method.
#pragma once

#include "limp/module.hpp"
#include "package/place.hpp"

namespace limp::package {

// `module` has its attrs and privileges already. Throws ManifestError.
Method read_method(const Place& place, const Module& module);

}  // namespace limp::package
