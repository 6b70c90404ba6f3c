#include "engine/documents.hpp"

#include <algorithm>
#include <utility>

#include "base/id.hpp"
#include "base/text.hpp"

namespace limp::engine {

Documents::Documents(const CompiledModule& module, const Settings& settings, std::vector<Change>& with)
    : module_(module), settings_(settings), with_(with) {}

Document Documents::for_create(const Document& sent) const {
    Document typed;
    for (const Member& member : sent) {
        if (is_server_owned(member.name)) continue;
        const Attr& attr = attr_of(member.name);
        if (attr.type.kind == Type::Kind::diff) continue;
        if (member.value.is_null() && attr.type.kind != Type::Kind::any) continue;
        typed.append(member.name, convert(attr, member.value));
    }
    return typed;
}

Document Documents::for_update(const Document& sent) const {
    Document typed;
    for (const Member& member : sent) {
        if (is_server_owned(member.name)) continue;
        const Attr& attr = attr_of(member.name);
        if (attr.type.kind == Type::Kind::diff) continue;
        check_unset(attr, member.value);
        typed.append(member.name, convert(attr, member.value));
    }
    return typed;
}

Document Documents::complete(const Document& document, const Document& typed) const {
    Document whole;
    std::vector<std::string> missing;
    if (const Value* id = document.find("_id")) whole.append("_id", *id);
    for (const Attr& attr : module_.module.attrs) {
        const Value* value = document.find(attr.name);
        if (value && value->is_null() && attr.type.kind != Type::Kind::any) value = nullptr;
        if (!value) {
            if (!attr.optional) missing.push_back(attr.name);
            continue;
        }
        const Value* before = typed.find(attr.name);
        whole.append(attr.name, before && *before == *value ? *value : convert(attr, *value));
    }
    if (!missing.empty()) {
        throw Refusal(
            400, module_.code + "_MISSING_ATTR",
            "Module \"" + module_.module.name + "\" needs the attr" + (missing.size() > 1 ? "s " : " ") +
                base::join(missing, ", ") + "."
        );
    }
    return whole;
}

Document Documents::recheck(const Document& set, const Document& typed) const {
    Document checked;
    for (const Member& member : set) {
        const Value* before = typed.find(member.name);
        if (before && *before == member.value) {
            checked.append(member.name, member.value);
            continue;
        }
        const Attr& attr = attr_of(member.name);
        check_unset(attr, member.value);
        checked.append(member.name, convert(attr, member.value));
    }
    return checked;
}

void Documents::check_unset(const Attr& attr, const Value& value) const {
    if (!value.is_null() || attr.optional) return;
    throw Refusal(
        400, module_.code + "_INVALID_ATTR",
        "Attr \"" + attr.name + "\" of module \"" + module_.module.name + "\" cannot be unset: it is not optional."
    );
}

Value Documents::convert(const Attr& attr, const Value& value) const {
    // The history of a document is limpd's own; what it keeps there is right by construction.
    if (attr.type.kind == Type::Kind::diff) return value;
    try {
        return types::convert(attr.type, value, context());
    } catch (const types::TypeError& error) {
        throw Refusal(
            400, module_.code + "_INVALID_ATTR",
            "Attr \"" + attr.name + error.path + "\" of module \"" + module_.module.name + "\" " + error.what() + "."
        );
    }
}

const Attr& Documents::attr_of(std::string_view name) const {
    if (const Attr* attr = module_.module.attr(name)) return *attr;
    std::vector<std::string> known;
    for (const Attr& attr : module_.module.attrs) known.push_back(attr.name);
    throw Refusal(
        400, module_.code + "_INVALID_ATTR",
        "Module \"" + module_.module.name + "\" has no attr " + base::in_quotes(name) +
            base::did_you_mean(name, known) + "."
    );
}

types::Context Documents::context() const {
    return {
        .locales = settings_.locales,
        .locale = settings_.locale,
        .keep_bytes =
            [this](std::string bytes) {
                Change change;
                change.kind = Change::Kind::file;
                change.id = base::new_random_id();
                change.text = std::move(bytes);
                with_.push_back(change);
                return change.id;
            },
    };
}

}  // namespace limp::engine
