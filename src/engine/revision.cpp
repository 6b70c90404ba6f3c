#include "engine/revision.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "engine/registry.hpp"
#include "query/parser.hpp"
#include "types/types.hpp"

namespace limp::engine {

namespace {

bool is_about_user(const Value& value) {
    if (value.is_string()) return value == Value("$__user") || value.string().starts_with("$__user.");
    if (value.is_list()) return std::ranges::any_of(value.list(), is_about_user);
    return value.is_object() &&
           std::ranges::any_of(value.object(), [](const Member& member) { return is_about_user(member.value); });
}

bool has_locales(const Type& type) {
    return type.kind == Type::Kind::locale || std::ranges::any_of(type.element, has_locales) ||
           std::ranges::any_of(type.children, [](const Attr& child) { return has_locales(child.type); });
}

// Equal values become equal texts.
Value in_order(Value value) {
    if (!value.is_object()) return value;
    for (Member& member : value.object()) member.value = in_order(std::move(member.value));
    std::ranges::sort(value.object(), {}, &Member::name);
    return value;
}

}  // namespace

// A default is not part of it: whoever lacks the attr does not fit, and is looked at until it has one.
std::string shape_of(const Module& module, const Settings& settings) {
    Object attrs;
    bool depends_on_locales = false;
    for (const Attr& attr : module.attrs) {
        attrs.append(
            attr.name, Object{{"type", types::describe(attr.type)}, {"optional", attr.optional}, {"was", attr.was}}
        );
        depends_on_locales = depends_on_locales || has_locales(attr.type);
    }
    Object shape{{"attrs", std::move(attrs)}};
    if (depends_on_locales) {
        std::vector<std::string> locales = settings.locales;
        std::ranges::sort(locales);
        shape.append("locales", List(locales.begin(), locales.end()));
    }
    return base::to_json(in_order(std::move(shape)));
}

// One document on its way.
class Reviser::Work {
public:
    Work(const Document& stored, const types::Context& context) : context_(context) { revision_.document = stored; }

    void rename(const Attr& attr) {
        const bool has_both = document().contains(attr.was) && document().contains(attr.name);
        if (has_both)
            return misfits(
                "has both " + base::in_quotes(attr.name) + " and " + base::in_quotes(attr.was) +
                ", which it was called before"
            );
        for (Member& member : document()) {
            if (member.name != attr.was) continue;
            member.name = attr.name;
            note(base::in_quotes(attr.was) + " is now " + base::in_quotes(attr.name));
        }
    }

    void fit(const Rule& rule) {
        const Attr& attr = rule.attr;
        Value* value = document().find(attr.name);
        const bool is_missing = !value || (value->is_null() && attr.type.kind != Type::Kind::any);
        if (is_missing)
            fill(rule);
        else if (!is_server_owned(attr.name))  // what limpd itself puts there is right by construction
            convert(attr, *value);
    }

    void note_undeclared(const std::vector<Rule>& rules) {
        for (const Member& member : document()) {
            const auto is_it = [&](const Rule& rule) { return rule.attr.name == member.name; };
            if (!is_reserved(member.name) && std::ranges::none_of(rules, is_it))
                note(base::in_quotes(member.name) + " is declared no more; its values stay, unseen");
        }
    }

    Revision finish() && {
        revision_.misfit = base::join(reasons_, "; ");
        return std::move(revision_);
    }

private:
    Document& document() { return revision_.document; }
    void note(std::string text) { revision_.notes.push_back("attr " + std::move(text)); }
    void misfits(std::string reason) { reasons_.push_back(std::move(reason)); }

    void fill(const Rule& rule) {
        if (rule.attr.optional) return;
        if (!rule.filling.value)
            return misfits("needs attr " + base::in_quotes(rule.attr.name) + ": " + rule.filling.reason);
        document()[rule.attr.name] = *rule.filling.value;
        note(base::in_quotes(rule.attr.name) + " got its default");
    }

    void convert(const Attr& attr, Value& value) {
        try {
            Value converted = types::convert(attr.type, value, context_);
            if (converted == value) return;
            value = std::move(converted);
            note(base::in_quotes(attr.name) + " is now kept as " + types::text_of(attr.type));
        } catch (const types::TypeError& error) {
            misfits("attr " + base::in_quotes(attr.name + error.path) + " " + error.what());
        }
    }

    const types::Context& context_;
    Revision revision_;
    std::vector<std::string> reasons_;
};

Reviser::Reviser(const Module& module, const Settings& settings)
    : locales_(settings.locales), locale_(settings.locale) {
    for (const Attr& attr : module.attrs) rules_.push_back({attr, filling_of(attr)});
}

Reviser::Filling Reviser::filling_of(const Attr& attr) const {
    if (attr.type.kind == Type::Kind::diff) return {List{}, {}};
    if (attr.type.kind == Type::Kind::counter)
        return {std::nullopt, "only documents that are created get a number; make it optional"};
    if (!attr.default_value)
        return {std::nullopt, "give it a default for the documents that lack it, or make it optional"};
    if (is_about_user(*attr.default_value))
        return {std::nullopt, "its default is the user of a call, and no call is made at start-up"};
    const auto refuse_bytes = [](std::string) -> std::string {
        throw types::TypeError("", "has bytes, which only a call can store");
    };
    const Document nobody;
    const query::Variables variables{.user = nobody, .now_ms = base::now_ms()};
    try {
        const Value value = query::resolve(*attr.default_value, variables);
        return {types::convert(attr.type, value, {locales_, locale_, refuse_bytes}), {}};
    } catch (const types::TypeError& error) {
        return {std::nullopt, "its default" + error.path + " " + error.what()};
    }
}

Revision Reviser::operator()(const Document& stored) const {
    const types::Context context{.locales = locales_, .locale = locale_, .keep_bytes = {}, .is_stored = true};
    Work work(stored, context);
    for (const Rule& rule : rules_)
        if (!rule.attr.was.empty()) work.rename(rule.attr);
    for (const Rule& rule : rules_) work.fit(rule);
    work.note_undeclared(rules_);
    return std::move(work).finish();
}

}  // namespace limp::engine
