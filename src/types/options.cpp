#include "types/options.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "types/converters.hpp"
#include "types/narrowing.hpp"
#include "types/patterns.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

using Kind = Type::Kind;
using Parse = std::function<Type(const Value& declared)>;

struct Form {
    std::string_view name;
    Kind kind;
    std::string_view example;
};

constexpr std::array<Form, 13> forms = {{
    {"int", Kind::integer, R"({"int": {"min": 0, "max": 10}})"},
    {"float", Kind::real, R"({"float": {"min": 0, "max": 1}})"},
    {"str", Kind::str, R"({"str": {"max": 40, "pattern": "[a-z]+"}})"},
    {"date", Kind::date, R"({"date": {"min": "2020-01-01", "max": "+3d"}})"},
    {"datetime", Kind::datetime, R"({"datetime": {"min": "2020-01-01T00:00"}})"},
    {"time", Kind::time, R"({"time": {"max": "+2h"}})"},
    {"time_of_day", Kind::time_of_day, R"({"time_of_day": {"min": "08:00", "max": "17:30"}})"},
    {"list", Kind::list, R"({"list": {"of": "str", "min": 1}})"},
    {"dict", Kind::dict, R"({"dict": {"value": "int"}})"},
    {"union", Kind::any_of, R"({"union": ["int", "str"]})"},
    {"file", Kind::file, R"({"file": {"types": ["image/*"], "size_max": 1048576}})"},
    {"bin", Kind::bin, R"({"bin": {"size_max": 1048576}})"},
    {"counter", Kind::counter, R"({"counter": "INV-$__counter:6"})"},
}};

const Form& form_of(auto Form::* part, const auto& what) {
    return *std::ranges::find(forms, what, part);
}

// The options between the braces, each of which must be known.
class Options {
public:
    Options(const Form& form, const Value& options, std::initializer_list<std::string_view> known) : options_(options) {
        if (!options.is_object())
            throw TypeError("", "must be an object of options, like " + std::string(form.example));
        const std::vector<std::string> names(known.begin(), known.end());
        for (const Member& member : options.object())
            if (std::ranges::find(names, member.name) == names.end())
                throw TypeError(
                    "." + member.name, "must not be there: the options are " + base::join(names, ", ") +
                                           base::did_you_mean(member.name, names)
                );
    }

    // What `read` makes of the option, if it is there.
    template <class Read>
    void take(const std::string& name, Read read) const {
        if (const Value* option = options_.find(name)) inside("." + name, [&] { read(*option); });
    }

    const Value& needed(const std::string& name) const {
        if (const Value* option = options_.find(name)) return *option;
        throw TypeError("", "must have the option " + base::in_quotes(name));
    }

private:
    const Value& options_;
};

Value read_count(const Value& count) {
    if (!count.is_int() || count.integer() < 0) throw not_that("must be a whole number from 0", count);
    return count;
}

Value read_bound(Kind kind, const Value& bound) {
    switch (kind) {
        case Kind::integer:
            return convert_integer(bound);
        case Kind::real:
            return convert_real(bound);
        case Kind::str:
        case Kind::list:
        case Kind::dict:
            return read_count(bound);
        default:
            return read_moment_bound(kind, bound);
    }
}

void take_bounds(const Options& options, Type& type) {
    options.take("min", [&](const Value& bound) { type.min = read_bound(type.kind, bound); });
    options.take("max", [&](const Value& bound) { type.max = read_bound(type.kind, bound); });
    if (is_empty_range(type)) throw TypeError(".min", "must not be more than max");
}

void take_size_max(const Options& options, Type& type) {
    options.take("size_max", [&](const Value& size) {
        if (!size.is_int() || size.integer() < 1) throw not_that("must be a number of bytes, from 1", size);
        type.size_max = size.integer();
    });
}

std::string read_pattern(const Value& pattern) {
    if (!pattern.is_string() || pattern.string().empty()) throw not_that("must be a pattern like \"[a-z]+\"", pattern);
    const std::string flaw = flaw_of(pattern.string());
    if (!flaw.empty()) throw TypeError("", "must be a pattern of RE2: " + flaw);
    return pattern.string();
}

std::vector<std::string> read_media_types(const Value& declared) {
    constexpr const char* wanted = "must be a list of media types like [\"image/png\", \"video/*\"]";
    if (!declared.is_list() || declared.list().empty()) throw not_that(wanted, declared);
    std::vector<std::string> media_types;
    for (const Value& one : declared.list()) {
        if (!one.is_string() || !matches(R"([\w!#$&^.+-]+/([\w!#$&^.+-]+|\*))", one.string()))
            throw TypeError("[" + std::to_string(media_types.size()) + "]", wanted);
        media_types.push_back(one.string());
    }
    return media_types;
}

Type parse_list(const Options& options, const Parse& parse) {
    const Value& of = options.needed("of");
    Type type = Type::list_of(inside(".of", [&] { return parse(of); }));
    take_bounds(options, type);
    return type;
}

// Paths go into dicts by key, and "." stands between their steps.
Type check_key_type(Type key) {
    switch (key.kind) {
        case Kind::str:
        case Kind::id:
        case Kind::phone:
        case Kind::locales:
        case Kind::date:
            return key;
        case Kind::choice:
            for (const Value& literal : key.literals) {
                if (!literal.is_string()) throw TypeError("", "must be texts: keys are");
                check_entry_key(literal.string());
            }
            return key;
        default:
            throw TypeError(
                "", "must be str, id, phone, locales, date or a choice of texts: keys are texts without \".\""
            );
    }
}

std::vector<std::string> read_required(const Type& key, const Value& declared) {
    if (!declared.is_list()) throw not_that("must be a list of keys", declared);
    std::vector<std::string> required;
    for (const Value& one : declared.list())
        inside("[" + std::to_string(required.size()) + "]", [&] {
            if (!one.is_string()) throw not_that("must be a key", one);
            check_entry_key(one.string());
            // Which locales there are is not for manifests to say.
            if (key.kind != Kind::locales && convert(key, one, {}) != one)
                throw TypeError("", "must be a key as it is stored, " + text_of(key));
            if (std::ranges::find(required, one.string()) != required.end())
                throw TypeError("", "must not be named twice");
            required.push_back(one.string());
        });
    return required;
}

Type parse_dict(const Options& options, const Parse& parse) {
    Type key = Type::of(Kind::str);
    options.take("key", [&](const Value& declared) { key = check_key_type(parse(declared)); });
    const Value& value = options.needed("value");
    Type type = Type::of(Kind::dict);
    type.element = {key, inside(".value", [&] { return parse(value); })};
    take_bounds(options, type);
    options.take("required", [&](const Value& declared) { type.required = read_required(key, declared); });
    return type;
}

Type parse_union(const Value& declared, const Parse& parse) {
    if (!declared.is_list() || declared.list().size() < 2)
        throw TypeError("", "must be a list of two types or more, like " + std::string(example_of("union")));
    Type type = Type::of(Kind::any_of);
    for (const Value& one : declared.list())
        type.element.push_back(inside("[" + std::to_string(type.element.size()) + "]", [&] { return parse(one); }));
    const bool has_free_form = std::ranges::any_of(type.element, [](const Type& one) {
        return one.kind == Kind::any || one.kind == Kind::attrs;
    });
    if (has_free_form && holds_files(type))
        throw TypeError("", "must not have any or attrs beside file or bin: nothing would tell them apart");
    return type;
}

Type parse_counter(const Value& pattern) {
    if (!pattern.is_string()) throw not_that("must be a text like \"INV-$__counter:6\"", pattern);
    Type type = Type::of(Kind::counter);
    type.pattern = pattern.string();
    numbering_of({.name = {}, .type = type, .default_value = {}});
    return type;
}

Type parse_file(const Options& options, Kind kind) {
    Type type = Type::of(kind);
    options.take("types", [&](const Value& declared) { type.media_types = read_media_types(declared); });
    take_size_max(options, type);
    return type;
}

Type parse_bounded(const Options& options, Kind kind) {
    Type type = Type::of(kind);
    options.take("pattern", [&](const Value& pattern) { type.pattern = read_pattern(pattern); });
    take_bounds(options, type);
    return type;
}

List texts(const std::vector<std::string>& from) {
    return {from.begin(), from.end()};
}

List describe_all(const std::vector<Type>& types) {
    List described;
    for (const Type& type : types) described.push_back(describe(type));
    return described;
}

Object describe_inside(const Type& type) {
    Object options;
    if (type.kind == Kind::list) options.append("of", describe(type.element.front()));
    if (type.kind != Kind::dict) return options;
    const Value key = describe(type.element.front());
    if (key != Value("str")) options.append("key", key);
    options.append("value", describe(type.element.back()));
    return options;
}

Object describe_narrowings(const Type& type) {
    Object options;
    if (!type.min.is_null()) options.append("min", type.min);
    if (!type.max.is_null()) options.append("max", type.max);
    if (!type.pattern.empty()) options.append("pattern", type.pattern);
    if (!type.media_types.empty()) options.append("types", texts(type.media_types));
    if (type.size_max > 0) options.append("size_max", type.size_max);
    if (!type.required.empty()) options.append("required", texts(type.required));
    return options;
}

}  // namespace

std::string_view example_of(std::string_view name) {
    const auto found = std::ranges::find(forms, name, &Form::name);
    return found == forms.end() ? std::string_view() : found->example;
}

Type parse_options(std::string_view name, const Value& options, const Parse& parse) {
    const Form& form = form_of(&Form::name, name);
    switch (form.kind) {
        case Kind::any_of:
            return parse_union(options, parse);
        case Kind::counter:
            return parse_counter(options);
        case Kind::list:
            return parse_list({form, options, {"of", "min", "max"}}, parse);
        case Kind::dict:
            return parse_dict({form, options, {"key", "value", "min", "max", "required"}}, parse);
        case Kind::file:
            return parse_file({form, options, {"types", "size_max"}}, form.kind);
        case Kind::bin:
            return parse_file({form, options, {"size_max"}}, form.kind);
        case Kind::str:
            return parse_bounded({form, options, {"min", "max", "pattern"}}, form.kind);
        default:
            return parse_bounded({form, options, {"min", "max"}}, form.kind);
    }
}

std::optional<Value> describe_options(const Type& type) {
    if (type.kind == Kind::any_of) return Object{{"union", describe_all(type.element)}};
    if (type.kind == Kind::counter) return Object{{"counter", type.pattern}};
    const Object narrowings = describe_narrowings(type);
    if (narrowings.empty() && type.kind != Kind::dict) return std::nullopt;
    Object options = describe_inside(type);
    for (const Member& one : narrowings) options.append(one.name, one.value);
    return Object{{std::string(form_of(&Form::kind, type.kind).name), std::move(options)}};
}

}  // namespace limp::types
