#include "engine/arguments.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace limp::engine {

namespace {

// The objects in which an argument may stand.
std::vector<Object*> places(Value& query) {
    if (query.is_object()) return {&query.object()};
    std::vector<Object*> found;
    for (Value& step : query.list())
        if (step.is_object()) found.push_back(&step.object());
    return found;
}

// The value itself, or what {val: …} wraps.
const Value& unwrapped(const Value& value) {
    const Value* wrapped = value.find("val");
    return wrapped ? *wrapped : value;
}

// An argument that is null names nothing: it is as good as absent.
bool is_there(const std::vector<Object*>& places, std::string_view name) {
    return std::ranges::any_of(places, [&](const Object* place) {
        const Value* value = place->find(name);
        return value && !unwrapped(*value).is_null();
    });
}

void require(
    const CompiledModule& module, const Method& method, const std::vector<Argument>& arguments,
    const std::vector<Object*>& places, std::string_view part
) {
    std::vector<std::string> one_of;
    bool has_one = false;
    for (const Argument& argument : arguments) {
        const bool is_given = is_there(places, argument.name);
        if (argument.need == Argument::Need::one_of) {
            one_of.push_back(argument.name);
            has_one = has_one || is_given;
        } else if (argument.need == Argument::Need::always && !is_given) {
            throw Refusal(
                400, module.code + "_MISSING_ATTR",
                module.module.name + "/" + method.name + " needs \"" + argument.name + "\" in its " +
                    std::string(part) + "."
            );
        }
    }
    if (!one_of.empty() && !has_one) {
        throw Refusal(
            400, module.code + "_MISSING_ATTR",
            module.module.name + "/" + method.name + " needs one of " + base::join(one_of, ", ") + " in its " +
                std::string(part) + "."
        );
    }
}

Value take(const CompiledModule& module, const Argument& argument, Object& place, const types::Context& types) {
    const Value value = unwrapped(*place.find(argument.name));
    place.erase(argument.name);
    try {
        Value converted = types::convert(argument.type, value, types);
        if (converted.is_null()) throw types::TypeError("", "must not be null");
        return converted;
    } catch (const types::TypeError& error) {
        throw Refusal(
            400, module.code + "_INVALID_ATTR", "Argument \"" + argument.name + error.path + "\" " + error.what() + "."
        );
    }
}

Object take_all(
    const CompiledModule& module, const Method& method, const std::vector<Argument>& arguments,
    const std::vector<Object*>& places, const types::Context& types
) {
    Object taken;
    for (const Argument& argument : arguments) {
        const bool is_attr = argument.name == "_id" || module.module.attr(argument.name);
        if (method.operation != Operation::own && is_attr) continue;
        for (Object* place : places) {
            if (is_there({place}, argument.name))
                taken[argument.name] = take(module, argument, *place, types);
            else
                place->erase(argument.name);
        }
    }
    return taken;
}

}  // namespace

Object take_query_arguments(
    const CompiledModule& module, const Method& method, Value& query, const types::Context& types
) {
    const std::vector<Object*> in = places(query);
    require(module, method, method.query_args, in, "query");
    return take_all(module, method, method.query_args, in, types);
}

Object take_doc_arguments(
    const CompiledModule& module, const Method& method, Document& doc, const types::Context& types
) {
    const std::vector<Object*> in{&doc};
    require(module, method, method.doc_args, in, "doc");
    return take_all(module, method, method.doc_args, in, types);
}

}  // namespace limp::engine
