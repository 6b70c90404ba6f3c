// engine/describe.hpp: what a session may call, from the same registry that serves the calls (core/describe).
#pragma once

#include "engine/registry.hpp"

namespace limp::engine {

// {locales, locale, modules: {name: {package, attrs, extns, searched, methods}}}; docs/core.md says what is in it.
Object describe(const Registry& registry, const Settings& settings, const Session& session);

// As a manifest declares them, each with all that it may say.
Value describe(const std::vector<Permission>& permissions);

}  // namespace limp::engine
