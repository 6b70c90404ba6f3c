// engine/extender.hpp: references replaced by the documents they name.
//
// One batched read for each extn and level. The target's read permission decides what the caller sees of it: without
// one the id stays as it is; a target that is missing, or that the permission's query leaves out, becomes null.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/registry.hpp"
#include "limp/session.hpp"
#include "limp/store.hpp"

namespace limp::engine {

class Extender {
public:
    Extender(const Registry& registry, Store& store, const Limits& limits)
        : registry_(registry), store_(store), limits_(limits) {}

    // Extends the documents of that module in place. Throws Refusal 400 CORE_QUERY_TOO_LARGE past the limits.
    Task<> extend(const CompiledModule& module, std::vector<Document>& docs, const Session& session) const;

private:
    // What one call may still extend, and how deep.
    struct Budget {
        std::size_t references;
        std::size_t depth;
    };
    struct Target {
        Value doc;
        bool is_placed = false;
    };

    Task<> extend(const CompiledModule& module, std::vector<Document>& docs, const Session& session, Budget& budget)
        const;
    Task<> fill(
        const Extn& extn, const CompiledModule& target, std::vector<Value*> references, const Session& session,
        Budget& budget
    ) const;
    Task<std::vector<Document>> fetch(
        const CompiledModule& target, const CompiledPermission& permission, const std::vector<Value*>& references,
        const Session& session
    ) const;
    Value place(Target& target, Budget& budget) const;
    void spend(Budget& budget, std::size_t references) const;

    const Registry& registry_;
    Store& store_;
    const Limits& limits_;
};

}  // namespace limp::engine
