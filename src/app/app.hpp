// app/app.hpp: the whole daemon: configuration, packages, store, engine, doors; until a signal stops it.
#pragma once

#include <span>

#include "app/options.hpp"
#include "page/page.hpp"

namespace limp::app {

// Runs limpd to its end and returns the exit code. Throws UsageError when it cannot start as asked. `page`: the files
// of the sandbox page; they outlive the run.
int run(const Options& options, std::span<const page::File> page);

}  // namespace limp::app
