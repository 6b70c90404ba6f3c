// engine/operations.hpp: create, read, update and delete, and methods of a package's own, with their hooks.
//
// By the time an operation runs, the call has passed every check: its query is narrowed by the permission, its docs are
// of the right types with the permission's doc modifier set over them.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/advisor.hpp"
#include "engine/extender.hpp"
#include "engine/histories.hpp"
#include "engine/registry.hpp"
#include "limp/bytes.hpp"
#include "limp/host.hpp"

namespace limp::engine {

// Ids of documents that no call deletes, and of those that no call changes either.
struct Protected {
    std::set<std::string> never_deleted;
    std::set<std::string> never_changed;
};

// Makes the image that has these bytes fit into a size, "128x128"; equal ids are equal bytes. Throws Refusal. Whoever
// introduces the rooms to each other gives it in.
using Shrink = std::function<Task<Bytes>(std::string id, Bytes image, std::string size)>;

class Operations {
public:
    Operations(
        const Registry& registry, Store& store, const Settings& settings, const Limits& limits, const Shrink& shrink,
        Protected documents
    )
        : store_(store),
          settings_(settings),
          limits_(limits),
          shrink_(shrink),
          extender_(registry, store, limits),
          histories_(registry, store, limits),
          advisor_(limits.walked_docs),
          protected_(std::move(documents)) {}

    // What stands behind a call when it has passed its checks.
    struct Work {
        const CompiledModule& module;
        const CompiledMethod& method;
        const CompiledPermission& permission;
        std::vector<std::string> hidden;  // attrs that the caller is not to learn of
    };

    // The events of one call: one for each document of a batch create, else exactly one. Gives the call's answer.
    // Refusals and faults are thrown.
    Task<Answer> run(const Work& work, std::vector<Event>& events) const;

private:
    Task<Answer> read(const Work& work, Event& event) const;
    Task<Answer> create(const Work& work, std::vector<Event>& events) const;
    Task<Answer> update(const Work& work, Event& event) const;
    Task<Answer> remove(const Work& work, Event& event) const;
    Task<Answer> undelete(const Work& work, Event& event) const;
    Task<Answer> retrieve(const Work& work, Event& event) const;
    Task<Bytes> shrink(const std::string& id, Bytes image, const std::string& size) const;
    Task<Answer> own(const Work& work, Event& event) const;

    Task<Changed> store(const Work& work, Change change, Event& event) const;
    std::optional<History> history_of(const Work& work, const Event& event) const;
    Task<> run_hooks(const Work& work, Event& event, HookPoint::When when) const;
    static bool has_hook(const Work& work, HookPoint::When when);
    Task<std::vector<Shown>> show(const Work& work, std::vector<DocTextPtr> docs, const Event& event) const;
    Document to_be_stored(const Work& work, Event& event, const Document& typed) const;
    void refuse_protected(const std::set<std::string>& ids, Filter& filter, std::string_view what) const;

    Store& store_;
    const Settings& settings_;
    const Limits& limits_;
    const Shrink& shrink_;
    Extender extender_;
    Histories histories_;
    mutable Advisor advisor_;
    const Protected protected_;
};

// For people: "Found 1 doc.", "Updated 2 docs."
std::string counted(std::string_view verb, std::size_t count);

}  // namespace limp::engine
