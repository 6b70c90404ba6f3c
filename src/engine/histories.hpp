// engine/histories.hpp: what updates changed of documents, shown in their attrs of type diff.
//
// The entries stand in the collection of core's module diff, written by the store with the updates themselves. Each is
// shown as {user, time, vars, to}: `user` as an extn of that module shows it to the session, `vars` and `to` without
// attrs that the caller is not to learn of or that the module has no more.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/extender.hpp"
#include "engine/registry.hpp"
#include "engine/shown.hpp"

namespace limp::engine {

// Whether the attr is one that shows history.
bool is_history(const Attr& attr);

class Histories {
public:
    Histories(const Registry& registry, Store& store, const Limits& limits);

    // Where entries are kept; empty when no module keeps any.
    const std::string& collection() const { return collection_; }

    // Fills these attrs of the documents: the newest Limits::history_entries of each, oldest first. Nothing is read
    // when the module has no such attr.
    Task<> show(
        const CompiledModule& module, std::span<const std::string> hidden, std::vector<Shown>& docs,
        const Session& session
    ) const;

private:
    Task<std::vector<Shown>> read(const Module& module, const std::vector<Shown>& docs) const;
    Query query_for(const Module& module, const std::map<std::string, std::int64_t>& missing, const std::string& last)
        const;

    Store& store_;
    const CompiledModule* entries_;
    std::string collection_;
    std::int64_t newest_;
    Extender extender_;
};

}  // namespace limp::engine
