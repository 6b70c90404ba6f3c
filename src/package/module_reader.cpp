#include "package/module_reader.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "package/method_reader.hpp"
#include "package/names.hpp"
#include "types/types.hpp"

namespace limp::package {

namespace {

// The attr of that name, which `place` speaks of.
Attr& attr_at(const Place& place, const std::string& name, Module& module) {
    const auto found = std::ranges::find(module.attrs, name, &Attr::name);
    if (found == module.attrs.end()) place.fail_unknown("attr", name, names_of(module.attrs));
    return *found;
}

Type read_type(const Place& place) {
    try {
        return types::parse_type(place.value());
    } catch (const types::TypeError& error) {
        place.inside(error.path).fail(error.what());
    }
}

// {"type": …, "optional": …, "default": …}: the long form of an attr, told apart from an object type by its "type".
void read_long_form(const Place& place, Attr& attr) {
    for (const Place& member : place.members())
        if (member.name() != "type" && member.name() != "optional" && member.name() != "default")
            member.fail(
                "unknown key " + in_quotes(member.name()) +
                " beside \"type\"; known: type, optional, default (an object " +
                R"(with a child named "type" is written {"type": {"type": …, …}}))"
            );
    attr.type = read_type(place.at("type"));
    if (place.has("optional")) attr.optional = place.at("optional").truth();
    if (place.has("default")) attr.default_value = place.at("default").value();
}

Attr read_attr(const Place& place) {
    Attr attr;
    attr.name = place.name();
    if (!is_attr_name(attr.name))
        place.fail(
            "an attr is named by letters, digits and _, beginning with a letter, not " + in_quotes(attr.name) +
            "; what begins with _ is limpd's own"
        );
    if (place.is(Value::Kind::object) && place.has("type"))
        read_long_form(place, attr);
    else
        attr.type = read_type(place);
    return attr;
}

std::vector<std::string> read_privileges(const Place& place) {
    std::vector<std::string> privileges;
    for (const Place& privilege : place.elements()) privileges.push_back(privilege.lower_name());
    return privileges;
}

void read_defaults(const Place& place, Module& module) {
    for (const Place& entry : place.members()) {
        Attr& attr = attr_at(entry, entry.name(), module);
        if (attr.default_value) entry.fail("the attr " + in_quotes(attr.name) + " has a default already");
        attr.default_value = entry.value();
    }
}

// {"title": "name"}: the attr "title" was called "name".
void read_was(const Place& place, Module& module) {
    for (const Place& entry : place.members()) {
        Attr& attr = attr_at(entry, entry.name(), module);
        attr.was = entry.text();
        if (!is_attr_name(attr.was)) entry.fail(entry.label() + " was no attr: " + in_quotes(attr.was) + " names none");
    }
}

// Each element is an attr's name, or a list of names that belong together.
std::vector<std::vector<std::string>> read_combinations(const Place& place, Module& module) {
    std::vector<std::vector<std::string>> combinations;
    for (const Place& element : place.elements()) {
        std::vector<std::string> together;
        const bool is_list = element.is(Value::Kind::list);
        for (const Place& name : is_list ? element.elements() : std::vector{element})
            together.push_back(attr_at(name, name.text(), module).name);
        if (together.empty()) element.fail(element.label() + " must name some attrs");
        combinations.push_back(std::move(together));
    }
    return combinations;
}

bool holds_ids(const Type& type) {
    if (type.kind == Type::Kind::list) return type.element.front().kind == Type::Kind::id;
    return type.kind == Type::Kind::id;
}

// "blog_cat", or "$__doc.<attr>": the module that this attr of the same document names.
std::string read_extn_module(const Place& place, Module& module) {
    constexpr std::string_view variable = "$__doc.";
    if (!place.text().starts_with('$')) return place.lower_name();
    if (!place.text().starts_with(variable)) place.fail("unknown variable; write \"$__doc.<attr>\" or a module's name");
    attr_at(place, place.text().substr(variable.size()), module);
    return place.text();
}

// ["*"] is every attr, which an Extn says by naming none.
std::vector<std::string> read_shown_attrs(const Place& place) {
    std::vector<std::string> attrs = place.texts();
    if (attrs.empty()) place.fail("an extn must show some attrs; every one: [\"*\"]");
    if (attrs == std::vector<std::string>{"*"}) attrs.clear();
    return attrs;
}

// ["blog_cat", ["title"], true] or {"module": "blog_cat", "attrs": ["title"], "deep": true}.
Extn read_extn(const Place& place, Module& module) {
    Extn extn;
    extn.attr = attr_at(place, place.name(), module).name;
    if (!holds_ids(module.attr(extn.attr)->type))
        place.fail("an extn needs an attr of type \"id\" or [\"id\"], which " + in_quotes(extn.attr) + " is not");

    if (place.is(Value::Kind::list)) {
        const std::vector<Place> elements = place.elements();
        if (elements.size() < 2 || elements.size() > 3)
            place.fail("an extn is written [\"module\", [\"attr\", …]] or [\"module\", [\"attr\", …], true]");
        extn.module = read_extn_module(elements[0], module);
        extn.attrs = read_shown_attrs(elements[1]);
        if (elements.size() == 3) extn.deep = elements[2].truth();
        return extn;
    }
    place.allow_only({"module", "attrs", "deep"});
    extn.module = read_extn_module(place.at("module"), module);
    if (place.has("attrs")) extn.attrs = read_shown_attrs(place.at("attrs"));
    if (place.has("deep")) extn.deep = place.at("deep").truth();
    return extn;
}

// What both have is taken from the template; it is put where the module had it.
template <class Named>
void merge_over(std::vector<Named>& own, const std::vector<Named>& from_template, std::string Named::* name) {
    for (const Named& one : from_template) {
        const auto found = std::ranges::find(own, one.*name, name);
        if (found == own.end())
            own.push_back(one);
        else
            *found = one;
    }
}

const Module* find_template(const Place& place, const std::map<std::string, Module>& templates) {
    if (!place.has("template")) return nullptr;
    const Place name = place.at("template");
    const auto found = templates.find(name.text());
    if (found != templates.end()) return &found->second;
    std::vector<std::string> known;
    for (const auto& [one, unused] : templates) known.push_back(one);
    name.fail_unknown("template", name.text(), known);
}

void read_attrs(const Place& place, const Module* from_template, Module& module) {
    if (place.has("attrs"))
        for (const Place& attr : place.at("attrs").members()) module.attrs.push_back(read_attr(attr));
    else if (!from_template)
        place.at("attrs");
    if (from_template) merge_over(module.attrs, from_template->attrs, &Attr::name);

    if (place.has("optional_attrs"))
        for (const Place& name : place.at("optional_attrs").elements())
            attr_at(name, name.text(), module).optional = true;
    if (place.has("defaults")) read_defaults(place.at("defaults"), module);
    if (place.has("was")) read_was(place.at("was"), module);
}

void read_all_privileges(const Place& place, const Module* from_template, Module& module) {
    if (place.has("privileges")) module.privileges = read_privileges(place.at("privileges"));
    if (!from_template) return;
    for (const std::string& privilege : from_template->privileges)
        if (std::ranges::find(module.privileges, privilege) == module.privileges.end())
            module.privileges.push_back(privilege);
}

std::vector<std::string> read_searched(const Place& place, Module& module) {
    for (const Place& name : place.elements()) attr_at(name, name.text(), module);
    return place.texts();
}

void check_module_name(const Place& place, const std::string& noun) {
    if (!is_lower_name(place.name()))
        place.fail(
            noun + " is named by lower-case letters, digits and _, beginning with a letter, not " +
            in_quotes(place.name())
        );
}

// What modules and templates have in common.
void read_members(const Place& place, const Module* from_template, Module& module) {
    read_attrs(place, from_template, module);
    read_all_privileges(place, from_template, module);
    if (place.has("unique_attrs")) module.unique = read_combinations(place.at("unique_attrs"), module);
    if (place.has("indexes")) module.indexes = read_combinations(place.at("indexes"), module);
    if (place.has("searched")) module.searched = read_searched(place.at("searched"), module);
    if (place.has("history")) module.history = place.at("history").truth();
    if (place.has("extns"))
        for (const Place& extn : place.at("extns").members()) module.extns.push_back(read_extn(extn, module));
    if (place.has("methods"))
        for (const Place& method : place.at("methods").members()) module.methods.push_back(read_method(method, module));
}

// What the module itself does not name already.
void add_searched(std::vector<std::string>& own, const std::vector<std::string>& from_template) {
    for (const std::string& name : from_template)
        if (std::ranges::find(own, name) == own.end()) own.push_back(name);
}

}  // namespace

Module read_module(const Place& place, const std::string& package, const std::map<std::string, Module>& templates) {
    check_module_name(place, "a module");
    place.allow_only(
        {"collection", "template", "attrs", "optional_attrs", "defaults", "was", "unique_attrs", "indexes", "searched",
         "history", "extns", "methods", "privileges"}
    );
    const Module* from_template = find_template(place, templates);

    Module module;
    module.name = place.name();
    module.package = package;
    module.collection = place.at("collection").lower_name();
    read_members(place, from_template, module);
    if (from_template) {
        merge_over(module.extns, from_template->extns, &Extn::attr);
        merge_over(module.methods, from_template->methods, &Method::name);
        module.unique.insert(module.unique.end(), from_template->unique.begin(), from_template->unique.end());
        module.indexes.insert(module.indexes.end(), from_template->indexes.begin(), from_template->indexes.end());
        add_searched(module.searched, from_template->searched);
        module.history = module.history || from_template->history;
        module.hooks = from_template->hooks;
    }
    return module;
}

Module read_template(const Place& place, const std::string& package) {
    check_module_name(place, "a template");
    place.allow_only(
        {"attrs", "optional_attrs", "defaults", "unique_attrs", "indexes", "searched", "history", "extns", "methods",
         "privileges"}
    );
    Module module;
    module.name = place.name();
    module.package = package;
    read_members(place, nullptr, module);
    return module;
}

}  // namespace limp::package
