#include "app/routes.hpp"

#include <algorithm>
#include <string_view>

#include "app/packages.hpp"
#include "app/start.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "engine/describe.hpp"
#include "types/types.hpp"

namespace limp::app {

namespace {

std::string_view mark(Argument::Need need) {
    switch (need) {
        case Argument::Need::always:
            return "!";
        case Argument::Need::one_of:
            return "^";
        case Argument::Need::optional:
            return "";
    }
    return "";
}

// An argument that names an attr has its type.
Type type_of(const Module& module, const Argument& argument) {
    if (argument.name == "_id") return Type::of(Type::Kind::id);
    const Attr* attr = module.attr(argument.name);
    return attr ? attr->type : argument.type;
}

std::string text_of(const Module& module, const std::vector<Argument>& arguments) {
    std::vector<std::string> texts;
    for (const Argument& argument : arguments)
        texts.push_back(
            std::string(mark(argument.need)) + argument.name + ": " + types::text_of(type_of(module, argument))
        );
    return base::join(texts, ", ");
}

// As a manifest declares them, always with their type: {"!_id": "id"}.
Value declared(const Module& module, const std::vector<Argument>& arguments) {
    List list;
    for (const Argument& argument : arguments)
        list.push_back(
            Object{{std::string(mark(argument.need)) + argument.name, types::describe(type_of(module, argument))}}
        );
    return list;
}

bool is_empty(const Value& query) {
    return query.is_list() ? query.list().empty() : query.is_object() && query.object().empty();
}

std::string conditions(const Permission& permission) {
    std::vector<std::string> parts;
    if (!is_empty(permission.query)) parts.push_back("query " + base::to_json(permission.query));
    if (!permission.doc.empty()) parts.push_back("doc " + base::to_json(permission.doc));
    if (!permission.hide.empty()) parts.push_back("hides " + base::join(permission.hide, ", "));
    if (permission.hard) parts.push_back("hard");
    return base::join(parts, "; ");
}

void add(Routes& routes, const Module& module, const Method& method) {
    const std::string endpoint = module.name + "/" + method.name;
    Route route{
        endpoint + (method.get_method ? " (GET)" : ""), "nobody", "", text_of(module, method.query_args),
        text_of(module, method.doc_args)
    };
    if (method.permissions.empty()) routes.lines.push_back(route);
    for (const Permission& permission : method.permissions) {
        route.who = permission.privilege;
        route.on = conditions(permission);
        routes.lines.push_back(route);
    }
    routes.json.push_back(Object{
        {"endpoint", endpoint},
        {"package", module.package},
        {"get_method", method.get_method},
        {"query_args", declared(module, method.query_args)},
        {"doc_args", declared(module, method.doc_args)},
        {"permissions", engine::describe(method.permissions)},
    });
}

void check_names(const std::vector<std::string>& modules, const engine::Registry& registry) {
    for (const std::string& name : modules)
        if (!registry.find(name))
            throw UsageError(
                "no module " + base::in_quotes(name) + base::did_you_mean(name, registry.names()) +
                "; there are: " + base::join(registry.names(), ", ")
            );
}

}  // namespace

Routes routes(const Options& options, const std::vector<std::string>& modules) {
    base::set_log(base::LogLevel::warning, options.log_format);
    const std::vector<package::Manifest> manifests = read_manifests(options);
    const Config config = load_config(options, manifests, process_environment());
    Routes found;
    try {
        const engine::Options engine_with = engine_options(config);
        const std::vector<PackageRef> packages = load_packages(config, manifests);  // their code outlives the registry
        const engine::Registry registry(packages, engine_with.settings, engine_with.limits);
        check_names(modules, registry);
        for (const auto& [name, module] : registry.modules()) {
            if (!modules.empty() && std::ranges::find(modules, name) == modules.end()) continue;
            for (const auto& [method_name, compiled] : module.methods) add(found, module.module, *compiled.method);
        }
    } catch (const engine::DeclarationError& error) {
        throw located(error, manifests);
    }
    return found;
}

}  // namespace limp::app
