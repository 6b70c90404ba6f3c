#include "app/check.hpp"

#include <filesystem>
#include <map>
#include <memory>

#include "app/packages.hpp"
#include "app/proofs.hpp"
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

// Goes on after a mistake, so that all of them are heard of.
bool noting(std::vector<std::string>& mistakes, const auto& work) {
    try {
        work();
        return true;
    } catch (const package::ManifestError& error) {
        mistakes.emplace_back(error.what());
        return false;
    }
}

std::vector<package::Manifest> read_all(
    const std::vector<std::filesystem::path>& files, std::vector<std::string>& mistakes
) {
    std::vector<std::filesystem::path> readable;
    for (const std::filesystem::path& file : files)
        if (noting(mistakes, [&] { read_templates({file}); })) readable.push_back(file);
    std::vector<package::Manifest> manifests;
    std::map<std::string, Module> templates;
    if (!noting(mistakes, [&] { templates = read_templates(readable); })) return manifests;
    for (const std::filesystem::path& file : readable)
        noting(mistakes, [&] { manifests.push_back(package::read_manifest(file, templates)); });
    return manifests;
}

void check_together(
    const Options& options, const std::vector<package::Manifest>& manifests, std::vector<std::string>& mistakes
) {
    const Config config = load_config(options, manifests, process_environment());
    const std::unique_ptr<Store> store = store::open_memory();
    base::Pool passwords({"password", 1, 0, 0});
    engine::Options engine_with = engine_options(config);
    engine_with.server_key = base::random_bytes(32);
    try {
        const engine::Engine engine(load_packages(config, manifests), *store, passwords, engine_with, {proofs(), {}});
    } catch (const engine::DeclarationError& first) {
        mistakes.emplace_back(located(first, manifests).what());
        for (const engine::DeclarationError& other : first.others)
            mistakes.emplace_back(located(other, manifests).what());
    }
}

}  // namespace

Checked check_packages(const Options& options) {
    base::set_log(base::LogLevel::warning, options.log_format);
    Checked checked;
    const std::vector<package::Manifest> manifests = read_all(files_of(options), checked.mistakes);
    checked.packages = manifests.size();
    if (!checked.mistakes.empty()) return checked;
    try {
        check_together(options, manifests, checked.mistakes);
    } catch (const UsageError& error) {
        checked.mistakes.emplace_back(error.what());
    }
    return checked;
}

}  // namespace limp::app
