// package/type_reader.hpp: an attr's type, as types::parse_type knows it, with the line of what is wrong in it.
#pragma once

#include "limp/attr.hpp"
#include "package/place.hpp"

namespace limp::package {

// Throws ManifestError.
Type read_type(const Place& place);

}  // namespace limp::package
