// app/start.hpp: the first steps of a start, which serving and the tools have in common.
//
// Errors   UsageError.
#pragma once

#include <memory>
#include <vector>

#include "app/config.hpp"
#include "app/options.hpp"
#include "engine/engine.hpp"
#include "limp/store.hpp"
#include "package/manifest.hpp"

namespace limp::app {

std::vector<package::Manifest> read_manifests(const Options& options);

std::unique_ptr<Store> open_store(const Config& config);

// All but the server key.
engine::Options engine_options(const Config& config);

}  // namespace limp::app
