// app/routes.hpp: what `limpd routes` shows: every module, method, permission and argument that would be served.
#pragma once

#include <string>
#include <vector>

#include "app/options.hpp"
#include "limp/value.hpp"

namespace limp::app {

// A line of the table: one permission of one method; a method that nobody may call has one too.
struct Route {
    std::string endpoint;    // "blog/read", "blog/read (GET)"
    std::string who;         // the privilege, "nobody"
    std::string on;          // the permission's query, doc and hidden attrs
    std::string query_args;  // as a manifest writes them, with their types: "!_id: id"
    std::string doc_args;
};

struct Routes {
    std::vector<Route> lines;
    List json;  // {endpoint, package, get_method, query_args, doc_args, permissions} of each method
};

// Of these modules, of all when there are none. Throws UsageError.
Routes routes(const Options& options, const std::vector<std::string>& modules);

}  // namespace limp::app
