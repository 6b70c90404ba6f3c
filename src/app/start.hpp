// app/start.hpp: the first steps of a start, which serving and the tools have in common.
//
// Errors   UsageError.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/config.hpp"
#include "app/options.hpp"
#include "engine/engine.hpp"
#include "limp/store.hpp"
#include "package/manifest.hpp"

namespace limp::app {

// What "template" may name in these manifests: core's and their own. Throws package::ManifestError.
std::map<std::string, Module> read_templates(const std::vector<std::filesystem::path>& files);

std::vector<package::Manifest> read_manifests(const Options& options);

std::unique_ptr<Store> open_store(const Config& config);

// All but the server key.
engine::Options engine_options(const Config& config);

}  // namespace limp::app
