#include "tests/calls/in_process.hpp"

#include "app/in_process.hpp"
#include "base/id.hpp"
#include "core/core.hpp"
#include "package/manifest.hpp"
#include "store/stores.hpp"

namespace limp::calls {

std::vector<Package> packages_in(const std::filesystem::path& modules, const Settings& settings) {
    const auto files = package::find_manifests(modules);
    const auto templates =
        package::read_templates(files, {{"content", core::content()}, {"content_cat", core::content_cat()}});
    std::vector<Package> packages{core::make(settings)};
    for (const auto& file : files) packages.push_back(package::read_manifest(file, templates).package);
    return packages;
}

namespace {

engine::Options cheap_options() {
    engine::Options options;
    options.password_cost = {1, 8192};
    options.server_key = "a key for tests, as long as any";
    return options;
}

}  // namespace

struct InProcess::Parts {
    Parts(const std::filesystem::path& modules, const std::string& driver)
        : store(driver == "memory" ? store::open_memory() : store::open_sqlite(folder / "limp.db")),
          limpd(engine::linked_in(packages_in(modules, Settings())), *store, cheap_options()) {}
    ~Parts() { std::filesystem::remove_all(folder); }

    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("limp-calls-" + base::new_random_id());
    std::unique_ptr<Store> store;
    app::InProcess limpd;
};

InProcess::InProcess(const std::filesystem::path& modules, const std::string& driver)
    : parts_(std::make_unique<Parts>(modules, driver)) {}
InProcess::~InProcess() = default;

std::unique_ptr<Client> InProcess::connect() {
    return parts_->limpd.connect();
}

}  // namespace limp::calls
