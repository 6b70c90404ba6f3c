// app/reloading.hpp: packages that follow their files, while limpd serves them. In a development env.
//
// Twice a second the files of all packages are looked at: their manifests, C++ sources and CMake files. When some have
// changed, and have been let alone for one look, the packages they belong to are read, built and loaded anew, and
// served in place of those before: calls that have begun end on the old ones, and no connection notices. Whatever is
// wrong is logged, and the old ones stay.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "app/config.hpp"
#include "app/options.hpp"
#include "engine/engine.hpp"
#include "package/manifest.hpp"

namespace limp::app {

class Reloading {
public:
    // `manifests`: those that the engine serves. All of them outlive it.
    Reloading(
        const Options& options, const Config& config, engine::Engine& engine, std::vector<package::Manifest> manifests
    );

    // Waits for a build that goes on.
    ~Reloading();

private:
    // What is seen of the files of a package, by the folder's name.
    using Files = std::map<std::string, std::pair<std::filesystem::file_time_type, std::uintmax_t>>;
    using Look = std::map<std::string, Files>;

    Look look() const;
    void watch();
    void follow(const Look& now);
    void reload(const Look& now);

    const Options& options_;
    const Config& config_;
    engine::Engine& engine_;
    std::vector<package::Manifest> manifests_;
    Look served_;  // the files of what is served
    Look tried_;   // those of the last reload, also when it failed: the same mistake is told once

    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_ending_ = false;
    std::thread thread_;  // last: it uses the rest
};

}  // namespace limp::app
