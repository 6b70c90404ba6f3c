#include "app/check.hpp"

#include <filesystem>
#include <map>
#include <memory>

#include "app/packages.hpp"
#include "app/start.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/pool.hpp"
#include "store/stores.hpp"

namespace limp::app {

namespace {

std::vector<std::filesystem::path> files_of(const Options& options) {
    try {
        return package::find_manifests(options.modules, options.packages);
    } catch (const package::ManifestError& error) {
        throw UsageError(error.what());
    }
}

// Goes on after a manifest that cannot be read, so that all of them are heard of.
std::vector<package::Manifest> read_all(
    const std::vector<std::filesystem::path>& files, std::vector<std::string>& mistakes
) {
    std::vector<package::Manifest> manifests;
    std::map<std::string, Module> templates;
    try {
        templates = read_templates(files);
    } catch (const package::ManifestError& error) {
        mistakes.emplace_back(error.what());
        return manifests;
    }
    for (const std::filesystem::path& file : files) {
        try {
            manifests.push_back(package::read_manifest(file, templates));
        } catch (const package::ManifestError& error) {
            mistakes.emplace_back(error.what());
        }
    }
    return manifests;
}

void check_together(const Options& options, const std::vector<package::Manifest>& manifests) {
    const Config config = load_config(options, manifests, process_environment());
    const std::unique_ptr<Store> store = store::open_memory();
    base::Pool passwords({"password", 1, 0, 0});
    make_engine(config, manifests, *store, passwords, base::random_bytes(32), {});
}

}  // namespace

Checked check_packages(const Options& options) {
    base::set_log(base::LogLevel::warning, options.log_format);
    Checked checked;
    const std::vector<package::Manifest> manifests = read_all(files_of(options), checked.mistakes);
    checked.packages = manifests.size();
    if (!checked.mistakes.empty()) return checked;
    try {
        check_together(options, manifests);
    } catch (const UsageError& error) {
        checked.mistakes.emplace_back(error.what());
    }
    return checked;
}

}  // namespace limp::app
