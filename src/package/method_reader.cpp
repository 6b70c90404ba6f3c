#include "package/method_reader.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "package/names.hpp"
#include "types/types.hpp"

namespace limp::package {

namespace {

Operation read_operation(const Place& place) {
    static const std::array<std::pair<std::string_view, Operation>, 6> operations = {
        {{"read", Operation::read},
         {"create", Operation::create},
         {"update", Operation::update},
         {"delete", Operation::remove},
         {"undelete", Operation::undelete},
         {"retrieve_file", Operation::retrieve}}
    };
    for (const auto& [name, operation] : operations)
        if (name == place.name()) return operation;
    place.fail(
        "a manifest has the methods read, create, update, delete, undelete and retrieve_file, not " +
        in_quotes(place.name()) + "; a method of one's own needs a package in C++"
    );
}

void expect_attr(const Place& place, const std::string& name, const Module& module) {
    if (!module.attr(name)) place.fail_unknown("attr", name, names_of(module.attrs));
}

// "!name": must be there; "^name": at least one of those so marked must be; "name": may be there.
Argument read_marked_name(const Place& place, std::string_view marked) {
    Argument argument;
    argument.need = Argument::Need::optional;
    if (marked.starts_with('!')) argument.need = Argument::Need::always;
    if (marked.starts_with('^')) argument.need = Argument::Need::one_of;
    argument.name = marked.substr(argument.need == Argument::Need::optional ? 0 : 1);
    if (argument.name != "_id" && !is_attr_name(argument.name))
        place.fail("an argument is written \"!name\", \"^name\" or \"name\", as in \"!_id\", not " + in_quotes(marked));
    return argument;
}

// Adds a text, which names an attr or _id, or each member of {"!name": type}, which names something else.
void read_argument(const Place& place, const Module& module, std::vector<Argument>& arguments) {
    if (!place.is(Value::Kind::object)) {
        Argument argument = read_marked_name(place, place.text());
        if (argument.name != "_id" && !module.attr(argument.name)) {
            std::vector<std::string> known = names_of(module.attrs);
            known.push_back("_id");
            place.fail_unknown("attr", argument.name, known);
        }
        arguments.push_back(std::move(argument));
        return;
    }
    for (const Place& member : place.members()) {
        Argument argument = read_marked_name(member, member.name());
        if (argument.name == "_id" || module.attr(argument.name))
            member.fail(
                in_quotes(argument.name) + " has its type already; as an argument write " + in_quotes(member.name())
            );
        try {
            argument.type = types::parse_type(member.value());
        } catch (const types::TypeError& error) {
            member.inside(error.path).fail(error.what());
        }
        arguments.push_back(std::move(argument));
    }
}

std::vector<Argument> read_arguments(const Place& method, std::string_view key, const Module& module) {
    std::vector<Argument> arguments;
    if (method.has(key))
        for (const Place& place : method.at(key).elements()) read_argument(place, module, arguments);
    return arguments;
}

// "*", "p", "__NOT:p", and "module.p", whose vocabulary another module has.
std::string read_privilege(const Place& place, const Module& module) {
    constexpr std::string_view negation = "__NOT:";
    const std::string& text = place.text();
    const std::string privilege = text.starts_with(negation) ? text.substr(negation.size()) : text;
    const bool is_known = text == "*" || std::ranges::find(module.privileges, privilege) != module.privileges.end();
    const std::size_t dot = privilege.find('.');
    if (!is_known && dot == std::string::npos) place.fail_unknown("privilege", privilege, module.privileges);
    if (!is_known && !(is_lower_name(privilege.substr(0, dot)) && is_lower_name(privilege.substr(dot + 1))))
        place.fail("a privilege in another module is written \"module.privilege\", not " + in_quotes(privilege));
    return text;
}

Value read_query(const Place& place) {
    if (!place.is(Value::Kind::list)) return place.object();
    for (const Place& step : place.elements())
        if (!step.is(Value::Kind::list)) step.object();
    return place.value();
}

Document read_doc(const Place& place, const Module& module) {
    for (const Place& member : place.members()) expect_attr(member, member.name(), module);
    return place.object();
}

std::vector<std::string> read_hidden(const Place& place, const Module& module) {
    for (const Place& name : place.elements()) expect_attr(name, name.text(), module);
    return place.texts();
}

// ["privilege", query, doc], the last or the last two left out; or {"privilege", "query", "doc", "hide", "hard"}.
Permission read_permission(const Place& place, const Module& module, Operation operation) {
    Permission permission;
    if (place.is(Value::Kind::list)) {
        const std::vector<Place> elements = place.elements();
        if (elements.empty() || elements.size() > 3)
            place.fail("a permission is written [\"privilege\", {query}, {doc}]; the doc may be left out");
        permission.privilege = read_privilege(elements[0], module);
        if (elements.size() > 1) permission.query = read_query(elements[1]);
        if (elements.size() > 2) permission.doc = read_doc(elements[2], module);
        return permission;
    }
    place.allow_only({"privilege", "query", "doc", "hide", "hard"});
    permission.privilege = read_privilege(place.at("privilege"), module);
    if (place.has("query")) permission.query = read_query(place.at("query"));
    if (place.has("doc")) permission.doc = read_doc(place.at("doc"), module);
    if (place.has("hide")) permission.hide = read_hidden(place.at("hide"), module);
    if (place.has("hard")) permission.hard = place.at("hard").truth();
    if (permission.hard && operation != Operation::remove)
        place.at("hard").fail("\"hard\" is for \"delete\" alone: it lets \"$soft\": true delete for good");
    return permission;
}

// It has the same arguments wherever it is declared, and leaves by HTTP GET.
void complete_retrieval(const Place& place, Method& method) {
    place.allow_only({"permissions", "get_method"});
    if (place.has("get_method") && !place.at("get_method").truth())
        place.at("get_method").fail("\"retrieve_file\" is a GET method, always");
    method.get_method = true;
    method.query_args = {
        {"_id", Argument::Need::always, Type::of(Type::Kind::id)},
        {"var", Argument::Need::always, Type::of(Type::Kind::str)},
        {"thumb", Argument::Need::optional, Type::of(Type::Kind::str)},
    };
}

}  // namespace

Method read_method(const Place& place, const Module& module) {
    Method method;
    method.name = place.name();
    method.operation = read_operation(place);
    const bool only_reads = method.operation == Operation::read || method.operation == Operation::retrieve;
    method.order = only_reads ? Method::Order::read : Method::Order::write;

    place.allow_only({"permissions", "query_args", "doc_args", "get_method"});
    for (const Place& permission : place.at("permissions").elements())
        method.permissions.push_back(read_permission(permission, module, method.operation));
    if (method.operation == Operation::retrieve) {
        complete_retrieval(place, method);
        return method;
    }
    method.query_args = read_arguments(place, "query_args", module);
    method.doc_args = read_arguments(place, "doc_args", module);
    if (place.has("get_method")) method.get_method = place.at("get_method").truth();
    if (method.get_method && method.operation != Operation::read)
        place.at("get_method").fail("only \"read\" may be a GET method: HTTP GET must not change anything");
    return method;
}

}  // namespace limp::package
