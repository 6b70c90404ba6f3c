#include "app/package_tests.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "app/in_process.hpp"
#include "app/packages.hpp"
#include "app/start.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "calls/runner.hpp"
#include "calls/transcript.hpp"
#include "store/stores.hpp"

namespace limp::app {

namespace fs = std::filesystem;

namespace {

std::string contents(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw UsageError(path.string() + ": cannot be read");
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> transcripts_of(const package::Manifest& manifest) {
    const fs::path folder = fs::path(manifest.file).parent_path() / "tests";
    std::vector<fs::path> files;
    if (!fs::is_directory(folder)) return files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".call") files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

std::vector<fs::path> transcripts_of(
    const std::vector<package::Manifest>& manifests, const std::vector<std::string>& packages
) {
    std::vector<std::string> names;
    std::vector<fs::path> files;
    for (const package::Manifest& manifest : manifests) {
        names.push_back(manifest.package.name);
        if (!packages.empty() && std::ranges::find(packages, names.back()) == packages.end()) continue;
        std::ranges::copy(transcripts_of(manifest), std::back_inserter(files));
    }
    for (const std::string& name : packages)
        if (std::ranges::find(names, name) == names.end())
            throw UsageError(
                "no package " + base::in_quotes(name) + base::did_you_mean(name, names) +
                "; there are: " + base::join(names, ", ")
            );
    return files;
}

// The passwords of a test are worth nothing, and their hashes need not cost anything.
engine::Options engine_options_for_tests(const Config& config) {
    engine::Options options = engine_options(config);
    options.password_cost = {1, 8192};
    options.server_key = base::random_bytes(32);
    return options;
}

// What differs, or nothing.
std::string failure_of(const fs::path& file, const Config& config, const std::vector<PackageRef>& packages) {
    try {
        const calls::Transcript transcript = calls::read_transcript(contents(file));
        if (transcript.modules)
            return file.string() + ": \"modules\" does not go here: limpd test has the packages of --modules";
        const std::unique_ptr<Store> store = store::open_memory();
        InProcess limpd(packages, *store, engine_options_for_tests(config));
        calls::Runner([&] { return limpd.connect(); }, config.settings).run(transcript);
    } catch (const calls::TranscriptError& error) {
        return file.string() + ":" + std::to_string(error.line) + ": " + error.reason;
    }
    return {};
}

}  // namespace

Tested test_packages(
    const Options& options, const std::vector<std::string>& packages,
    const std::function<void(const std::string& file, const std::string& failure)>& say
) {
    base::set_log(base::LogLevel::warning, options.log_format);
    const std::vector<package::Manifest> manifests = read_manifests(options);
    const Config config = load_config(options, manifests, process_environment());
    const std::vector<fs::path> files = transcripts_of(manifests, packages);
    const std::vector<PackageRef> loaded = load_packages(config, manifests);
    Tested tested;
    try {
        for (const fs::path& file : files) {
            const std::string failure = failure_of(file, config, loaded);
            say(file.string(), failure);
            ++tested.transcripts;
            if (!failure.empty()) ++tested.failed;
        }
    } catch (const engine::DeclarationError& error) {
        throw located(error, manifests);
    }
    return tested;
}

}  // namespace limp::app
