#include "engine/served.hpp"

#include <set>
#include <utility>

#include "engine/engine.hpp"

namespace limp::engine {

namespace {

// Documents that no call deletes, and those among them that no call changes either.
Protected protected_by(const std::vector<ReadyDocument>& documents) {
    Protected ids;
    for (const ReadyDocument& document : documents) ids.never_deleted.insert(document.id);
    ids.never_changed = {std::string(anon_user_id), std::string(anon_session_id)};
    return ids;
}

}  // namespace

Served::Served(std::vector<PackageRef> packages, Lender& lender, Store& store, const Options& options)
    : packages_(std::move(packages)),
      registry(packages_, options.settings, options.limits),
      ensured(ready_documents(packages_, registry, options.settings)),
      operations(registry, store, options.settings, options.limits, options.shrink, protected_by(ensured)),
      jobs(ready_jobs(packages_)) {
    for (const PackageRef& package : packages_)
        hosts_.emplace(package->name, std::make_unique<Lent>(lender, *this, package->name));
}

}  // namespace limp::engine
