#include "engine/describe.hpp"

#include <algorithm>

#include "types/types.hpp"

namespace limp::engine {

namespace {

const char* describe(Argument::Need need) {
    switch (need) {
        case Argument::Need::always:
            return "always";
        case Argument::Need::one_of:
            return "one_of";
        case Argument::Need::optional:
            return "optional";
    }
    return "";
}

Value describe_arguments(const std::vector<Argument>& arguments) {
    List list;
    for (const Argument& argument : arguments) {
        list.push_back(Object{
            {"name", argument.name},
            {"needed", describe(argument.need)},
            {"type", types::describe(argument.type)},
        });
    }
    return list;
}

const char* describe(Operation operation) {
    switch (operation) {
        case Operation::read:
            return "read";
        case Operation::create:
            return "create";
        case Operation::update:
            return "update";
        case Operation::remove:
            return "delete";
        case Operation::undelete:
            return "undelete";
        case Operation::retrieve:
            return "retrieve_file";
        case Operation::own:
            return "own";
    }
    return "";
}

Value describe_methods(const CompiledModule& module, const Session& session) {
    Object methods;
    for (const auto& [name, compiled] : module.methods) {
        const CompiledPermission* permission = module.permission(name, session);
        if (!permission) continue;
        Object described{
            {"operation", describe(compiled.method->operation)},
            {"query_args", describe_arguments(compiled.method->query_args)},
            {"doc_args", describe_arguments(compiled.method->doc_args)},
            {"get_method", compiled.method->get_method},
            {"privilege", permission->name()},
        };
        // What others are kept from, and attrs that they are not to know of, are the administrator's to see.
        if (session.user_id == admin_user_id)
            described.append("permissions", engine::describe(compiled.method->permissions));
        methods.append(name, std::move(described));
    }
    return methods;
}

// What reading hides from the session is not described to it either.
bool hides(const CompiledModule& module, const Session& session, const std::string& attr) {
    const CompiledPermission* reading = module.permission("read", session);
    return reading && std::ranges::find(reading->hide, attr) != reading->hide.end();
}

Value describe_attrs(const CompiledModule& module, const Session& session) {
    Object attrs;
    for (const Attr& attr : module.module.attrs) {
        if (hides(module, session, attr.name)) continue;
        Object described{
            {"type", types::describe(attr.type)},
            {"optional", attr.optional},
            {"server_owned", is_server_owned(attr.name)},
        };
        if (attr.default_value) described.append("default", *attr.default_value);
        attrs.append(attr.name, std::move(described));
    }
    return attrs;
}

Value describe_extns(const CompiledModule& module, const Session& session) {
    Object extns;
    for (const Extn& extn : module.module.extns) {
        if (hides(module, session, extn.attr)) continue;
        extns.append(
            extn.attr,
            Object{
                {"module", extn.module},
                {"attrs", List(extn.attrs.begin(), extn.attrs.end())},
                {"deep", extn.deep},
            }
        );
    }
    return extns;
}

Value describe_searched(const CompiledModule& module, const Session& session) {
    List searched;
    for (const std::string& attr : module.module.searched)
        if (!hides(module, session, attr)) searched.emplace_back(attr);
    return searched;
}

}  // namespace

Value describe(const std::vector<Permission>& permissions) {
    List list;
    for (const Permission& permission : permissions) {
        list.push_back(Object{
            {"privilege", permission.privilege},
            {"query", permission.query},
            {"doc", permission.doc},
            {"hide", List(permission.hide.begin(), permission.hide.end())},
            {"hard", permission.hard},
        });
    }
    return list;
}

Object describe(const Registry& registry, const Settings& settings, const Session& session) {
    Object modules;
    for (const auto& [name, module] : registry.modules()) {
        Value methods = describe_methods(module, session);
        if (methods.object().empty()) continue;
        modules.append(
            name,
            Object{
                {"package", module.module.package},
                {"attrs", describe_attrs(module, session)},
                {"extns", describe_extns(module, session)},
                {"searched", describe_searched(module, session)},
                {"methods", std::move(methods)},
            }
        );
    }
    List locales(settings.locales.begin(), settings.locales.end());
    return {{"locales", std::move(locales)}, {"locale", settings.locale}, {"modules", std::move(modules)}};
}

}  // namespace limp::engine
