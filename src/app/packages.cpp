#include "app/packages.hpp"

#include <chrono>
#include <filesystem>
#include <utility>

#include "app/proofs.hpp"
#include "app/start.hpp"
#include "base/log.hpp"
#include "core/core.hpp"
#include "package/builder.hpp"
#include "package/library.hpp"

namespace limp::app {

namespace {

std::filesystem::path folder_of(const package::Manifest& manifest) {
    return std::filesystem::path(manifest.file).parent_path();
}

void build(const package::Manifest& manifest) {
    try {
        package::build(folder_of(manifest));
    } catch (const package::BuildError& error) {
        throw UsageError("package " + manifest.package.name + " cannot be built:\n" + error.what());
    }
}

void bring_up_to_date(const package::Manifest& manifest, bool is_dev) {
    const std::filesystem::path folder = folder_of(manifest);
    const std::string& name = manifest.package.name;
    const bool is_outdated = package::is_outdated(folder);
    if (is_dev) {
        if (is_outdated) base::log_info("package", "building", {{"package", name}});
        build(manifest);
    } else if (is_outdated) {
        throw UsageError(
            "package " + name + ": " + package::library_of(folder).string() +
            " is not there, or older than its sources; run: limpd build " + name
        );
    }
}

PackageRef load(const package::Manifest& manifest, bool is_dev) {
    const std::filesystem::path folder = folder_of(manifest);
    if (package::has_sources(folder)) {
        bring_up_to_date(manifest, is_dev);
    } else if (!std::filesystem::exists(package::library_of(folder))) {
        return std::make_shared<const Package>(manifest.package);
    }
    try {
        return package::load_library(package::library_of(folder), manifest.package);
    } catch (const package::LibraryError& error) {
        throw UsageError("package " + manifest.package.name + ": " + error.what());
    }
}

}  // namespace

std::vector<std::string> build_packages(const Options& options) {
    std::vector<std::string> built;
    for (const package::Manifest& manifest : read_manifests(options)) {
        if (!package::has_sources(folder_of(manifest))) continue;
        build(manifest);
        built.push_back(package::library_of(folder_of(manifest)).string());
    }
    return built;
}

std::vector<PackageRef> load_packages(
    const Config& config, const std::vector<package::Manifest>& manifests, const KnownPackages& known
) {
    std::vector<PackageRef> packages;
    const auto core = known.find("core");
    packages.push_back(
        core != known.end() ? core->second : std::make_shared<const Package>(core::make(config.settings))
    );
    for (const package::Manifest& manifest : manifests) {
        const auto same = known.find(manifest.package.name);
        packages.push_back(same != known.end() ? same->second : load(manifest, config.dev));
    }
    return packages;
}

std::unique_ptr<engine::Engine> make_engine(
    const Config& config, const std::vector<package::Manifest>& manifests, Store& store, base::Pool& passwords,
    std::string key, engine::Fetch fetch, engine::Shrink shrink
) {
    engine::Options engine_with = engine_options(config);
    engine_with.server_key = std::move(key);
    engine_with.shrink = std::move(shrink);
    try {
        return std::make_unique<engine::Engine>(
            load_packages(config, manifests), store, passwords, std::move(engine_with),
            engine::Introductions{proofs(), std::move(fetch)}
        );
    } catch (const engine::DeclarationError& error) {
        throw located(error, manifests);
    }
}

UsageError located(const engine::DeclarationError& error, const std::vector<package::Manifest>& manifests) {
    for (const package::Manifest& manifest : manifests) {
        if (manifest.package.name != error.package) continue;
        return UsageError(manifest.file + ":" + std::to_string(manifest.line_of(error.place)) + ": " + error.what());
    }
    return UsageError("package " + error.package + ", " + error.place + ": " + error.what());
}

UsageError described(const Unfit& unfit) {
    std::string text = std::to_string(unfit.total) +
                       (unfit.total == 1 ? " stored document does" : " stored documents do") +
                       " not fit the manifests; nothing was changed:";
    for (const Unfit::Misfit& misfit : unfit.first)
        text += "\n    " + misfit.collection + (misfit.id.empty() ? "" : " " + misfit.id) + ": " + misfit.reason;
    if (unfit.total > unfit.first.size())
        text += "\n    and " + std::to_string(unfit.total - unfit.first.size()) + " more";
    return UsageError(
        text +
        "\nStart with the manifests as they were to change these documents, or declare what fits them "
        "(docs/manifest.md, \"Changing a module that has documents\"); --check shows what a start would do."
    );
}

}  // namespace limp::app
