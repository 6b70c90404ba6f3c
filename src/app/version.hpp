// app/version.hpp: the version of limpd, as `limpd --version` says it. The same stands in CMakeLists.txt.
#pragma once

#include <string_view>

namespace limp::app {

inline constexpr std::string_view version = "0.1.0";

}  // namespace limp::app
