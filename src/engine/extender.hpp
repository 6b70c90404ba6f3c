// engine/extender.hpp: references replaced by the documents they name.
//
// One batched read for each extn and level. The target's read permission decides what the caller sees of it: without
// one the id stays as it is; a target that is missing, or that the permission's query leaves out, becomes null.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/registry.hpp"
#include "engine/shown.hpp"
#include "limp/session.hpp"
#include "limp/store.hpp"

namespace limp::engine {

class Extender {
public:
    Extender(const Registry& registry, Store& store, const Limits& limits)
        : registry_(registry), store_(store), limits_(limits) {}

    // Extends the documents of that module in place, at their own level only the attrs that are `wanted`. Throws
    // Refusal 400 CORE_QUERY_TOO_LARGE past the limits.
    Task<> extend(
        const CompiledModule& module, std::vector<Shown>& docs, const Session& session,
        const std::function<bool(std::string_view attr)>& wanted
    ) const;

private:
    // What one call may still extend, and how deep.
    struct Budget {
        std::size_t references;
        std::size_t depth;
    };
    // What stands in place of a reference.
    struct Target {
        std::string json;
        std::size_t documents;
        bool is_placed = false;
    };
    using Targets = std::unordered_map<std::string, Target>;  // by id

    Task<> extend_by(const Extn& extn, std::vector<Shown>& docs, const Session& session, Budget& budget) const;
    Task<> fill(
        const Extn& extn, const CompiledModule& target, const std::vector<Shown*>& docs, const Session& session,
        Budget& budget
    ) const;
    Task<std::vector<Shown>> fetch(
        const CompiledModule& target, const CompiledPermission& permission, const std::set<std::string>& ids,
        const Session& session
    ) const;
    void place(const Extn& extn, Shown& doc, Targets& targets, Budget& budget) const;
    std::string placed(const std::string& id, Targets& targets, Budget& budget, std::size_t& documents) const;
    void spend(Budget& budget, std::size_t references) const;

    const Registry& registry_;
    Store& store_;
    const Limits& limits_;
};

}  // namespace limp::engine
