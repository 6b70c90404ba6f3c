#include "engine/registry.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "engine/collections.hpp"
#include "query/parser.hpp"
#include "types/types.hpp"

namespace limp::engine {

namespace {

constexpr std::array server_owned{"_id", "_rev", "user", "create_time", "host_add", "user_agent", "diff", "__deleted"};

std::string code_of(std::string_view package, std::string_view module) {
    std::string code = base::to_upper(package) + "_" + base::to_upper(module);
    std::ranges::replace(code, '-', '_');
    return code;
}

std::vector<std::string> attr_names(const Module& module) {
    std::vector<std::string> names;
    for (const Attr& attr : module.attrs) names.push_back(attr.name);
    return names;
}

bool is_reference(const Type& type) {
    return type.kind == Type::Kind::id || (type.kind == Type::Kind::list && type.element[0].kind == Type::Kind::id);
}

}  // namespace

bool is_reserved(std::string_view name) {
    return name == "_id" || name == "_rev" || name.starts_with("__") || name.starts_with("$");
}

void require_attr(const std::string& package, const Module& module, std::string_view attr, const std::string& place) {
    if (attr == "_id" || module.attr(attr)) return;
    throw DeclarationError(
        package, place,
        "module \"" + module.name + "\" has no attr \"" + std::string(attr) + "\"" +
            base::did_you_mean(attr, attr_names(module))
    );
}

bool is_server_owned(std::string_view attr) {
    return std::ranges::find(server_owned, attr) != server_owned.end();
}

const CompiledPermission* CompiledModule::permission(std::string_view method, const Session& session) const {
    auto found = methods.find(method);
    if (found == methods.end()) return nullptr;
    auto fit = std::ranges::find_if(found->second.permissions, [&](const auto& one) { return one.fits(session); });
    return fit == found->second.permissions.end() ? nullptr : &*fit;
}

std::vector<std::string> CompiledModule::hidden(const CompiledPermission& permission, const Session& session) const {
    std::vector<std::string> hidden = permission.hide;
    const CompiledPermission* reading = this->permission("read", session);
    if (reading && reading != &permission) hidden.insert(hidden.end(), reading->hide.begin(), reading->hide.end());
    return hidden;
}

std::vector<PackageRef> linked_in(std::vector<Package> packages) {
    std::vector<PackageRef> refs;
    for (Package& package : packages) refs.push_back(std::make_shared<const Package>(std::move(package)));
    return refs;
}

// Goes on after a mistake, so that all of them are heard of.
class Registry::Mistakes {
public:
    void note(const auto& work) {
        try {
            work();
        } catch (const DeclarationError& error) {
            noted_.push_back(error);
        }
    }

    void tell() {
        if (noted_.empty()) return;
        DeclarationError first = noted_.front();
        first.others.assign(noted_.begin() + 1, noted_.end());
        throw first;
    }

private:
    std::vector<DeclarationError> noted_;
};

Registry::Registry(const std::vector<PackageRef>& packages, const Settings& settings, const Limits& limits) {
    Mistakes mistakes;
    for (const PackageRef& package : packages)
        for (const Module& module : package->modules) mistakes.note([&] { add(*package, module); });
    for (auto& [name, module] : modules_) check(module, settings, limits, mistakes);
    mistakes.tell();
}

const CompiledModule* Registry::find(std::string_view name) const {
    auto found = modules_.find(name);
    return found == modules_.end() ? nullptr : &found->second;
}

std::vector<std::string> Registry::names() const {
    std::vector<std::string> names;
    for (const auto& [name, module] : modules_) names.push_back(name);
    return names;
}

void Registry::add(const Package& package, const Module& module) {
    auto [place, is_new] = modules_.try_emplace(module.name);
    if (!is_new) {
        throw DeclarationError(
            package.name, module.name,
            "module \"" + module.name + "\" exists already, in package \"" + place->second.module.package +
                "\"; module names are unique among all packages"
        );
    }
    place->second.module = module;
    place->second.module.package = package.name;
    place->second.code = code_of(package.name, module.name);
    check_collection(place->second.module);
}

void Registry::check(CompiledModule& compiled, const Settings& settings, const Limits& limits, Mistakes& mistakes)
    const {
    const Module& module = compiled.module;
    mistakes.note([&] { check_names(module); });
    mistakes.note([&] { check_defaults(module, settings); });
    mistakes.note([&] { check_unique(module); });
    mistakes.note([&] { check_upkeep(module); });
    mistakes.note([&] { check_extns(module); });
    for (const Method& method : module.methods)
        mistakes.note([&] { compile_method(compiled, method, settings, limits); });
}

void Registry::check_names(const Module& module) const {
    for (const Attr& attr : module.attrs) {
        if (is_reserved(attr.name)) {
            throw DeclarationError(
                module.package, module.name + ".attrs." + attr.name,
                "\"" + attr.name +
                    "\" cannot be declared: limpd keeps \"_id\", \"_rev\" and names that begin with "
                    "\"__\" or \"$\" for itself"
            );
        }
    }
}

void Registry::check_unique(const Module& module) const {
    for (const auto& combination : module.unique)
        for (const std::string& attr : combination)
            require_attr(module.package, module, attr, module.name + ".unique_attrs");
}

void Registry::check_defaults(const Module& module, const Settings& settings) const {
    // Bytes of a default are kept when a document is created with it, not here.
    const types::Context context{settings.locales, settings.locale, [](std::string) { return std::string(); }};
    for (const Attr& attr : module.attrs) {
        if (!attr.default_value || attr.type.kind == Type::Kind::diff) continue;
        const Value& value = *attr.default_value;
        if (value.is_string() && value.string().starts_with("$__")) continue;  // known when a document is created
        try {
            types::convert(attr.type, value, context);
        } catch (const types::TypeError& error) {
            throw DeclarationError(
                module.package, module.name + ".defaults." + attr.name,
                "the default of \"" + attr.name + error.path + "\" " + error.what()
            );
        }
    }
}

// Two modules on one collection would read each other's documents by other rules. The second is the one to change.
void Registry::check_collection(const Module& module) const {
    for (const auto& [name, other] : modules_) {
        if (module.collection.empty() || name == module.name || other.module.collection != module.collection) continue;
        throw DeclarationError(
            module.package, module.name + ".collection",
            "collection \"" + module.collection + "\" belongs to module \"" + name + "\" already"
        );
    }
}

void Registry::check_extns(const Module& module) const {
    for (const Extn& extn : module.extns) {
        const std::string place = module.name + ".extns." + extn.attr;
        require_attr(module.package, module, extn.attr, place);
        if (!is_reference(module.attr(extn.attr)->type)) {
            throw DeclarationError(
                module.package, place,
                "an extn needs an attr of type \"id\" or [\"id\"]; \"" + extn.attr + "\" is neither"
            );
        }
        if (extn.module.starts_with("$__doc.")) {
            require_attr(module.package, module, std::string_view(extn.module).substr(7), place);
            continue;
        }
        const CompiledModule* target = find(extn.module);
        if (!target) {
            throw DeclarationError(
                module.package, place,
                "there is no module \"" + extn.module + "\"" + base::did_you_mean(extn.module, names())
            );
        }
        for (const std::string& attr : extn.attrs) require_attr(module.package, target->module, attr, place);
    }
}

// What the operation counts on.
void Registry::check_retrieval(const Module& module, const Method& method, const std::string& place) const {
    const bool has_files =
        std::ranges::any_of(module.attrs, [](const Attr& attr) { return types::holds_files(attr.type); });
    if (!has_files) throw DeclarationError(module.package, place, "module \"" + module.name + "\" has no files");
    for (const char* taken : {"var", "thumb"}) {
        if (!module.attr(taken)) continue;
        throw DeclarationError(
            module.package, place,
            "the attr " + base::in_quotes(taken) +
                " must have another name: \"var\" says which file is asked for, and " +
                "\"thumb\" how small an image is to be"
        );
    }
    std::vector<std::string> needed;
    for (const Argument& argument : method.query_args)
        if (argument.need == Argument::Need::always) needed.push_back(argument.name);
    if (!method.get_method || needed != std::vector<std::string>{"_id", "var"}) {
        throw DeclarationError(
            module.package, place, "retrieving files is a GET method with the query arguments \"!_id\" and \"!var\""
        );
    }
}

// Bytes are kept for documents alone.
void Registry::check_arguments(const Module& module, const Method& method, const std::string& place) const {
    for (const auto* arguments : {&method.query_args, &method.doc_args}) {
        for (const Argument& argument : *arguments) {
            const bool is_of_an_attr = method.operation != Operation::own && module.attr(argument.name);
            if (is_of_an_attr || !types::holds_files(argument.type)) continue;
            throw DeclarationError(
                module.package, place + (arguments == &method.query_args ? ".query_args" : ".doc_args"),
                "argument \"" + argument.name +
                    "\" cannot be of type \"file\" or \"bin\", nor have one inside: only attrs keep bytes. Make a "
                    "document with an attr for them, and let the argument be its id"
            );
        }
    }
}

void Registry::compile_method(
    CompiledModule& compiled, const Method& method, const Settings& settings, const Limits& limits
) const {
    const Module& module = compiled.module;
    const std::string place = module.name + ".methods." + method.name;
    if (method.operation == Operation::own ? !method.body : module.collection.empty()) {
        throw DeclarationError(
            module.package, place,
            method.operation == Operation::own
                ? "method \"" + method.name + "\" has no body: a manifest declares read, create, update and delete"
                : "method \"" + method.name + "\" needs a collection, and module \"" + module.name + "\" has none"
        );
    }
    check_arguments(module, method, place);
    if (method.operation == Operation::retrieve) check_retrieval(module, method, place);
    CompiledMethod result{&method, {}};
    for (std::size_t i = 0; i < method.permissions.size(); ++i) {
        const std::string here = place + ".permissions[" + std::to_string(i) + "]";
        if (method.permissions[i].hard && method.operation != Operation::remove)
            throw DeclarationError(module.package, here, "\"hard\" is for delete alone");
        result.permissions.push_back(compile_permission(module, method.permissions[i], here, settings, limits));
    }
    compiled.methods.emplace(base::to_lower(method.name), std::move(result));
}

CompiledPermission Registry::compile_permission(
    const Module& module, const Permission& permission, const std::string& place, const Settings& settings,
    const Limits& limits
) const {
    CompiledPermission compiled = compile_privilege(module, permission.privilege, place);
    compiled.filter = compile_modifier(module, permission.query, place, settings, limits);
    for (const Member& member : permission.doc) require_attr(module.package, module, member.name, place);
    for (const std::string& attr : permission.hide) require_attr(module.package, module, attr, place);
    compiled.doc = permission.doc;
    compiled.hide = permission.hide;
    compiled.hard = permission.hard;
    return compiled;
}

CompiledPermission Registry::compile_privilege(
    const Module& module, std::string_view privilege, const std::string& place
) const {
    CompiledPermission compiled;
    compiled.negated = privilege.starts_with("__NOT:");
    if (compiled.negated) privilege.remove_prefix(6);
    const std::size_t dot = privilege.find('.');
    compiled.module = dot == privilege.npos ? module.name : privilege.substr(0, dot);
    compiled.privilege = dot == privilege.npos ? privilege : privilege.substr(dot + 1);

    const CompiledModule* granting = find(compiled.module);
    if (!granting) {
        throw DeclarationError(
            module.package, place,
            "privilege \"" + std::string(privilege) + "\": there is no module \"" + compiled.module + "\"" +
                base::did_you_mean(compiled.module, names())
        );
    }
    const auto& known = granting->module.privileges;
    const bool is_everybody = compiled.privilege == "*" && dot == privilege.npos && !compiled.negated;
    if (!is_everybody && std::ranges::find(known, compiled.privilege) == known.end()) {
        throw DeclarationError(
            module.package, place,
            "module \"" + compiled.module + "\" has no privilege \"" + compiled.privilege + "\"" +
                base::did_you_mean(compiled.privilege, known) + " (it has " + base::join(known, ", ") + ")"
        );
    }
    return compiled;
}

Filter Registry::compile_modifier(
    const Module& module, const Value& modifier, const std::string& place, const Settings& settings,
    const Limits& limits
) const {
    const query::Parsing parsing{
        .module = module,
        .types = {.locales = settings.locales, .locale = settings.locale, .keep_bytes = {}},
        .limits = limits.query,
        .variables = true,
        // The app's own rule looks at documents whether or not the caller may read them.
        .target = [this](std::string_view name) -> std::optional<query::Target> {
            const CompiledModule* target = find(name);
            if (!target) return std::nullopt;
            return query::Target{target->module, Filter::everything(), {}};
        },
    };
    try {
        Query parsed = query::parse(modifier, parsing);
        if (!parsed.sort.empty() || parsed.skip || parsed.limit || parsed.soft || parsed.rev || !parsed.extend)
            throw Refusal(400, "CORE_QUERY_INVALID", "a permission's query only filters: it takes no \"$…\" keys");
        return std::move(parsed.filter);
    } catch (const Refusal& refusal) {
        throw DeclarationError(module.package, place, refusal.message());
    }
}

}  // namespace limp::engine
