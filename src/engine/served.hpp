// engine/served.hpp: the packages that are served, and what is made from them: one whole, replaced as a whole.
//
// A call holds the Served that it began with to its end: it sees one set of modules, and their code stays as long as it
// may return into it. When packages were replaced, the old ones go with the last call, job or task that began on them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ensured.hpp"
#include "engine/jobs.hpp"
#include "engine/lent.hpp"
#include "engine/operations.hpp"
#include "engine/registry.hpp"
#include "limp/package.hpp"

namespace limp::engine {

struct Options;

class Served : public std::enable_shared_from_this<Served> {
public:
    // All but the packages outlives it. Throws DeclarationError.
    Served(std::vector<PackageRef> packages, Lender& lender, Store& store, const Options& options);
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    // What limpd lends to the package of that name.
    Lent& host(std::string_view package) const { return *hosts_.find(package)->second; }

private:
    // First, so that it goes last: the rest has pieces of the packages' code.
    std::vector<PackageRef> packages_;

public:
    const std::vector<PackageRef>& packages() const { return packages_; }

    const Registry registry;
    const std::vector<ReadyDocument> ensured;
    const Operations operations;
    const std::vector<ReadyJob> jobs;

private:
    std::map<std::string, std::unique_ptr<Lent>, std::less<>> hosts_;
};

using ServedPtr = std::shared_ptr<const Served>;

}  // namespace limp::engine
