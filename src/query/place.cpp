#include "query/place.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "query/reading.hpp"
#include "types/wording.hpp"

namespace limp::query {

namespace {

bool is_hidden(std::string_view attr, std::span<const std::string> hidden) {
    return std::ranges::find(hidden, attr) != hidden.end();
}

std::vector<std::string> visible_attrs(const Module& module, std::span<const std::string> hidden) {
    std::vector<std::string> names = {"_id", "_rev"};
    for (const Attr& attr : module.attrs)
        if (!is_hidden(attr.name, hidden)) names.push_back(attr.name);
    return names;
}

const Type& element_of(const Type& type) {
    return type.kind == Type::Kind::list ? element_of(type.element.front()) : type;
}

std::vector<std::string> child_names(const Type& type, const types::Context& context) {
    if (type.kind == Type::Kind::locale) return {context.locales.begin(), context.locales.end()};
    std::vector<std::string> names;
    for (const Attr& child : type.children) names.push_back(child.name);
    return names;
}

Type enter(const Type& type, const std::string& name, std::string_view key, const Parsing& parsing) {
    std::optional<Type> found = types::child(type, name, parsing.types);
    if (found) return *std::move(found);
    refuse(
        "The path " + base::in_quotes(key) + " leads nowhere: there is no " + base::in_quotes(name) + " to go into" +
        base::did_you_mean(name, child_names(element_of(type), parsing.types)) + "."
    );
}

}  // namespace

Type attr_type(std::string_view name, const Module& module, std::span<const std::string> hidden) {
    if (name == "_id") return Type::of(Type::Kind::id);
    if (name == "_rev") return Type::of(Type::Kind::integer);
    const Attr* attr = is_hidden(name, hidden) ? nullptr : module.attr(name);
    if (attr) return attr->type;
    refuse(
        "The module " + module.name + " has no attr " + base::in_quotes(name) +
        base::did_you_mean(name, visible_attrs(module, hidden)) + "."
    );
}

namespace {

// Goes along a path, attr by attr, through one module after the other.
class Walk {
public:
    Walk(std::string_view key, const Parsing& parsing)
        : key_(key), parsing_(parsing), hidden_(parsing.hidden.begin(), parsing.hidden.end()) {
        place_.module = &parsing.module;
        place_.path = base::split(key, '.');
    }

    Place walk() {
        check_length();
        place_.type = attr_type(place_.path.front(), *place_.module, hidden_);
        while (const Extn* extn = extn_ahead()) follow(*extn);
        for (std::size_t at = 1; at < place_.path.size(); ++at) {
            place_.through_list = place_.through_list || place_.type.kind == Type::Kind::list;
            place_.type = enter(place_.type, place_.path[at], key_, parsing_);
        }
        return std::move(place_);
    }

private:
    void check_length() const {
        if (place_.path.size() > parsing_.limits.path)
            refuse(
                "The path " + base::in_quotes(key_) + " has " + std::to_string(place_.path.size()) + " segments; " +
                std::to_string(parsing_.limits.path) + " are allowed."
            );
    }

    const Extn* extn_ahead() const {
        return place_.path.size() > 1 ? place_.module->extn(place_.path.front()) : nullptr;
    }

    // The path goes on in the documents that the attr refers to.
    void follow(const Extn& extn) {
        if (place_.hops.size() == parsing_.limits.references)
            refuse(
                "The path " + base::in_quotes(key_) + " goes through more than " +
                std::to_string(parsing_.limits.references) + " references."
            );
        if (extn.module.starts_with('$'))
            refuse(
                "The path " + base::in_quotes(key_) + " cannot go through " + base::in_quotes(extn.attr) +
                ": which module that leads to is another matter with each document."
            );
        std::optional<Target> target = parsing_.target ? parsing_.target(extn.module) : std::nullopt;
        if (!target)
            refuse(
                "The path " + base::in_quotes(key_) + " leads into the module " + base::in_quotes(extn.module) +
                ", which this session may not read."
            );
        place_.through_list = place_.through_list || place_.type.kind == Type::Kind::list;
        place_.hops.push_back({{extn.attr, target->module.collection}, std::move(target->readable)});
        place_.module = &target->module;
        hidden_ = std::move(target->hidden);
        place_.path.erase(place_.path.begin());
        place_.type = attr_type(place_.path.front(), *place_.module, hidden_);
    }

    std::string_view key_;
    const Parsing& parsing_;
    std::vector<std::string> hidden_;
    Place place_;
};

}  // namespace

Place find_place(std::string_view key, const Parsing& parsing) {
    return Walk(key, parsing).walk();
}

}  // namespace limp::query
