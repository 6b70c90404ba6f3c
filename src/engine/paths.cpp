// Calls by HTTP GET: what the values of a path say, as the query of a call.
#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "engine/engine.hpp"

namespace limp::engine {

namespace {

Refusal not_found(const std::string& what) {
    return {404, "CORE_REQ_NOT_FOUND", what};
}

template <class Number>
Value number_or_text(const std::string& text) {
    Number number{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    return is_whole ? Value(number) : Value(text);
}

// What the type would take, as far as a text can say it; what it cannot say stays text, and is refused with the words
// that any value of another type is.
Value typed(const Type& type, const std::string& text) {
    switch (type.kind) {
        case Type::Kind::integer:
        case Type::Kind::time:
        case Type::Kind::datetime:
            return number_or_text<std::int64_t>(text);
        case Type::Kind::real:
            return number_or_text<double>(text);
        case Type::Kind::boolean:
            return text == "true" ? Value(true) : text == "false" ? Value(false) : Value(text);
        case Type::Kind::list:
            return typed(type.element.front(), text);
        case Type::Kind::choice:
            for (const Value& literal : type.literals)
                if (!literal.is_string() && base::to_json(literal) == text) return literal;
            return text;
        case Type::Kind::any_of:
            for (const Type& one : type.element)
                if (Value value = typed(one, text); !value.is_string()) return value;
            return text;
        default:
            return text;
    }
}

std::vector<Argument> arguments_of(const Method& method) {
    if (!method.query_args.empty()) return method.query_args;
    return {{"_id", Argument::Need::optional, Type::of(Type::Kind::id)}};
}

}  // namespace

Call Engine::call_of(const std::vector<std::string>& path) const {
    const bool has_empty = std::ranges::any_of(path, &std::string::empty);
    if (path.size() < 2 || has_empty) throw not_found("There is nothing here; methods are at /{module}/{method}/….");
    const ServedPtr now = served();
    const CompiledModule* module = now->registry.find(base::to_lower(path[0]));
    const auto method = module ? module->methods.find(base::to_lower(path[1])) : decltype(module->methods.end()){};
    if (!module || method == module->methods.end())
        throw not_found("There is no method " + base::in_quotes(path[0] + "/" + path[1]) + ".");

    if (!method->second.method->get_method) {
        throw Refusal(
            405, "CORE_REQ_INVALID_VERB",
            "This method is not served by HTTP GET: call it over /ws, or by POST to /call."
        );
    }

    const std::vector<Argument> arguments = arguments_of(*method->second.method);
    if (path.size() - 2 > arguments.size()) {
        throw not_found(
            "The path is too long: after the method it has " + std::to_string(arguments.size()) + " values at most."
        );
    }
    Object query;
    for (std::size_t at = 2; at < path.size(); ++at) {
        const Argument& argument = arguments[at - 2];
        const Attr* attr = module->module.attr(argument.name);
        query[argument.name] = Object{{"val", typed(attr ? attr->type : argument.type, path[at])}};
    }
    Call call;
    call.endpoint = path[0] + "/" + path[1];
    call.by_get = true;
    call.query = std::move(query);
    return call;
}

}  // namespace limp::engine
