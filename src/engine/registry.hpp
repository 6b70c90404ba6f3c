// engine/registry.hpp: every module of every package, checked against each other and ready to be called.
//
// What a manifest's reader cannot know is decided here, once, at start-up: whether an extn's module exists, whether a
// permission's query means something for its module, whether two modules have one name. Permissions are compiled into
// query trees, so that a call only fills in its variables.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/limits.hpp"
#include "limp/package.hpp"
#include "limp/settings.hpp"

namespace limp::engine {

// A declaration that means nothing. `place` leads to it: "blog.methods.read.permissions[0]", "blog.extns.cat". When
// there are several, the first has the others.
class DeclarationError : public std::runtime_error {
public:
    DeclarationError(std::string package, std::string place, const std::string& message)
        : std::runtime_error(message), package(std::move(package)), place(std::move(place)) {}
    std::string package;
    std::string place;
    std::vector<DeclarationError> others;
};

struct CompiledPermission {
    std::string module;     // whose privilege is asked for
    std::string privilege;  // "*": everybody
    bool negated = false;   // "__NOT:"
    Filter filter;          // with variables
    Document doc;           // with variables
    std::vector<std::string> hide;
    bool hard = false;  // deletes for good when asked to

    bool fits(const Session& session) const {
        return privilege == "*" || session.privileges.has(module, privilege) != negated;
    }

    // As a manifest may say it in any module: "*", "blog.update", "__NOT:blog.guest".
    std::string name() const {
        if (privilege == "*") return privilege;
        return (negated ? "__NOT:" : "") + module + '.' + privilege;
    }
};

struct CompiledMethod {
    const Method* method = nullptr;
    std::vector<CompiledPermission> permissions;
};

struct CompiledModule {
    Module module;
    std::string code;  // "CORE_USER": what its codes begin with
    std::map<std::string, CompiledMethod, std::less<>> methods;

    // The first permission of the method that fits; nullptr when none does.
    const CompiledPermission* permission(std::string_view method, const Session& session) const;

    // What stays hidden from a session that calls with that permission: what the permission hides, and what reading
    // would. Otherwise the filter of an update, or the answer of a create, would tell what a read does not.
    std::vector<std::string> hidden(const CompiledPermission& permission, const Session& session) const;
};

// Packages whose code is part of the program.
std::vector<PackageRef> linked_in(std::vector<Package> packages);

class Registry {
public:
    // Throws DeclarationError, with all that is wrong.
    Registry(const std::vector<PackageRef>& packages, const Settings& settings, const Limits& limits);
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    const CompiledModule* find(std::string_view name) const;

    // By name, in alphabetical order.
    const std::map<std::string, CompiledModule, std::less<>>& modules() const { return modules_; }

    std::vector<std::string> names() const;

private:
    class Mistakes;

    void add(const Package& package, const Module& module);
    void check(CompiledModule& module, const Settings& settings, const Limits& limits, Mistakes& mistakes) const;
    void check_names(const Module& module) const;
    void check_defaults(const Module& module, const Settings& settings) const;
    void check_collection(const Module& module) const;
    void check_unique(const Module& module) const;
    void check_extns(const Module& module) const;
    void check_retrieval(const Module& module, const Method& method, const std::string& place) const;
    void check_arguments(const Module& module, const Method& method, const std::string& place) const;
    void compile_method(CompiledModule& module, const Method& method, const Settings& settings, const Limits& limits)
        const;
    CompiledPermission compile_permission(
        const Module& module, const Permission& permission, const std::string& place, const Settings& settings,
        const Limits& limits
    ) const;
    CompiledPermission compile_privilege(const Module& module, std::string_view privilege, const std::string& place)
        const;
    Filter compile_modifier(
        const Module& module, const Value& modifier, const std::string& place, const Settings& settings,
        const Limits& limits
    ) const;

    std::map<std::string, CompiledModule, std::less<>> modules_;
};

// Names that limpd keeps for itself: no module declares them.
bool is_reserved(std::string_view name);

// Throws DeclarationError when the module has no such attr ("_id" it has). `package`: whose declaration asks for it, at
// `place`.
void require_attr(const std::string& package, const Module& module, std::string_view attr, const std::string& place);

// Attrs that the server fills and a client never writes, wherever a module declares them.
bool is_server_owned(std::string_view attr);

}  // namespace limp::engine
