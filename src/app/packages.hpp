// app/packages.hpp: from the manifests to the packages that are served.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/config.hpp"
#include "base/pool.hpp"
#include "engine/engine.hpp"
#include "limp/package.hpp"
#include "package/manifest.hpp"

namespace limp::app {

// Packages that stay as they are, by name.
using KnownPackages = std::map<std::string, PackageRef>;

// core, and each package with its C++: in a development env that is built first, elsewhere `limpd build` must have done
// it. Throws UsageError, with what the compiler said when it is that.
std::vector<PackageRef> load_packages(
    const Config& config, const std::vector<package::Manifest>& manifests, const KnownPackages& known = {}
);

// With the packages of these manifests, whose HTTP requests go by `fetch`, and whose images `shrink` makes smaller. The
// store and the pool outlive the engine. Throws UsageError.
std::unique_ptr<engine::Engine> make_engine(
    const Config& config, const std::vector<package::Manifest>& manifests, Store& store, base::Pool& passwords,
    std::string key, engine::Fetch fetch, engine::Shrink shrink
);

// Builds those packages that are asked for and have C++; the files it made. Throws UsageError.
std::vector<std::string> build_packages(const Options& options);

// Where a declaration stands that the engine could not make sense of.
UsageError located(const engine::DeclarationError& error, const std::vector<package::Manifest>& manifests);

// Stored documents that do not fit what the manifests declare, for whoever has to mend one or the other.
UsageError described(const Unfit& unfit);

}  // namespace limp::app
