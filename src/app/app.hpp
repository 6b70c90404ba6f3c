// app/app.hpp: the whole daemon: configuration, packages, store, engine, doors; until a signal stops it.
#pragma once

#include "app/options.hpp"

namespace limp::app {

// Runs limpd to its end and returns the exit code. Throws UsageError when it cannot start as asked.
int run(const Options& options);

}  // namespace limp::app
