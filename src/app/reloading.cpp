#include "app/reloading.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "app/packages.hpp"
#include "app/start.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "package/builder.hpp"

namespace limp::app {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds between_looks{500};

bool has_templates(const package::Manifest& manifest) {
    return !manifest.package.templates.empty();
}

bool have_same_config(const std::vector<package::Manifest>& left, const std::vector<package::Manifest>& right) {
    const auto same_entries = [](const std::vector<package::ConfigEntry>& one, const auto& other) {
        return std::ranges::equal(one, other, [](const auto& a, const auto& b) {
            return a.key == b.key && a.value == b.value;
        });
    };
    const auto texts = [](const std::vector<package::Manifest>& manifests) {
        std::map<std::string, std::vector<package::ConfigEntry>> all;
        for (const package::Manifest& manifest : manifests) {
            all[manifest.package.name] = manifest.config;
            for (const auto& [env, entries] : manifest.envs) all[manifest.package.name + '/' + env] = entries;
        }
        return all;
    };
    const auto before = texts(left);
    const auto after = texts(right);
    return std::ranges::equal(before, after, [&](const auto& one, const auto& other) {
        return one.first == other.first && same_entries(one.second, other.second);
    });
}

}  // namespace

Reloading::Reloading(
    const Options& options, const Config& config, engine::Engine& engine, std::vector<package::Manifest> manifests
)
    : options_(options),
      config_(config),
      engine_(engine),
      manifests_(std::move(manifests)),
      served_(look()),
      tried_(served_) {
    thread_ = std::thread([this] { watch(); });
}

Reloading::~Reloading() {
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

Reloading::Look Reloading::look() const {
    Look seen;
    std::error_code error;
    for (const auto& folder : fs::directory_iterator(options_.modules, error)) {
        std::error_code gone;
        for (const fs::path& file : package::files_of(folder.path())) {
            const auto written = fs::last_write_time(file, gone);
            const auto size = fs::file_size(file, gone);
            if (!gone) seen[folder.path().filename().string()][file.string()] = {written, size};
        }
    }
    return seen;
}

void Reloading::watch() {
    Look before = tried_;
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, between_looks, [this] { return is_ending_; })) {
        lock.unlock();
        Look now = look();
        if (now == before && now != tried_) follow(now);
        before = std::move(now);
        lock.lock();
    }
}

void Reloading::follow(const Look& now) {
    tried_ = now;
    try {
        reload(now);
        served_ = now;
        engine_.tell_failure({});
    } catch (const std::exception& error) {
        base::log_error("package", "not reloaded, what was served before goes on:");
        for (const std::string& line : base::split(error.what(), '\n')) base::log_error("package", line);
        engine_.tell_failure(error.what());
    }
}

void Reloading::reload(const Look& now) {
    std::vector<package::Manifest> manifests = read_manifests(options_);
    const bool have_templates =
        std::ranges::any_of(manifests_, has_templates) || std::ranges::any_of(manifests, has_templates);
    KnownPackages known;
    const engine::ServedPtr serving = engine_.served();
    for (const PackageRef& package : serving->packages()) {
        const auto before = served_.find(package->name);
        const auto after = now.find(package->name);
        const bool is_same = before != served_.end() && after != now.end() && before->second == after->second;
        if (package->name == "core" || (is_same && !have_templates)) known.emplace(package->name, package);
    }
    std::vector<PackageRef> packages = load_packages(config_, manifests, known);
    std::vector<std::string> names;
    for (const PackageRef& package : packages)
        if (!known.contains(package->name)) names.push_back(package->name);
    Prepared prepared;
    try {
        prepared = engine_.replace(std::move(packages));
    } catch (const engine::DeclarationError& error) {
        throw located(error, manifests);
    } catch (const Unfit& unfit) {
        throw described(unfit);
    }
    for (const std::string& line : prepared.done) base::log_info("store", line);
    for (const std::string& line : prepared.warnings) base::log_warning("store", line);
    base::log_info("package", "reloaded", {{"packages", base::join(names, ", ")}});
    if (!have_same_config(manifests_, manifests))
        base::log_warning("package", "the configuration in a limp.json has changed; it takes effect at the next start");
    manifests_ = std::move(manifests);
}

}  // namespace limp::app
