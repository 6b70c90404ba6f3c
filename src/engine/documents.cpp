#include "engine/documents.hpp"

#include <algorithm>
#include <utility>

#include "base/id.hpp"
#include "base/text.hpp"

namespace limp::engine {

namespace {

// Attrs that no client writes, whatever their names.
bool is_kept_by_limpd(const Attr& attr) {
    return attr.type.kind == Type::Kind::diff || attr.type.kind == Type::Kind::counter;
}

bool is_among(std::string_view name, std::span<const std::string> names) {
    return std::ranges::find(names, name) != names.end();
}

}  // namespace

Documents::Documents(const CompiledModule& module, const Settings& settings, std::vector<Change>& with)
    : module_(module), settings_(settings), with_(with) {}

Document Documents::for_create(const Document& sent) const {
    Document typed;
    for (const Member& member : sent) {
        if (is_server_owned(member.name)) continue;
        const Attr& attr = attr_of(member.name);
        if (is_kept_by_limpd(attr)) continue;
        if (has_operator(member.value)) throw invalid(attr.name, "takes operators in an update alone");
        if (member.value.is_null() && attr.type.kind != Type::Kind::any) continue;
        typed.append(member.name, convert(attr, member.value));
    }
    return typed;
}

Document Documents::for_update(const Document& sent, std::span<const std::string> hidden) const {
    Document typed;
    for (const Member& member : sent) {
        const std::string_view root = root_of(member.name);
        if (is_server_owned(root)) continue;
        const Attr& attr = attr_of(root);
        if (is_kept_by_limpd(attr)) continue;
        check_whole(attr, member, hidden);
        typed.append(member.name, convert_change(attr, member.name, member.value));
    }
    return typed;
}

void Documents::check_whole(const Attr& attr, const Member& member, std::span<const std::string> hidden) const {
    const bool is_whole = member.name == attr.name && !is_operation(member.value);
    if (!is_whole && is_among(attr.name, hidden))
        throw invalid(attr.name, "can only be set as a whole: this session does not see what is there");
}

Document Documents::complete(const Document& document, const Document& typed) const {
    Document whole;
    std::vector<std::string> missing;
    if (const Value* id = document.find("_id")) whole.append("_id", *id);
    for (const Attr& attr : module_.module.attrs) {
        if (attr.type.kind == Type::Kind::counter) continue;  // the store numbers it
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
        checked.append(member.name, convert_change(attr_of(root_of(member.name)), member.name, member.value));
    }
    return checked;
}

void Documents::put_into(Change& change, const Document& checked) const {
    std::vector<const Attr*> edited;
    for (const Member& member : checked) {
        const Attr& attr = attr_of(root_of(member.name));
        if (member.name == attr.name && !is_operation(member.value)) {
            change.set[member.name] = member.value;
            continue;
        }
        change.edits.push_back(edit_of(member.name, member.value));
        if (std::ranges::find(edited, &attr) == edited.end()) edited.push_back(&attr);
    }
    if (edited.empty()) return;
    change.check = [documents = *this, edited](const Document& document) {
        for (const Attr* attr : edited) documents.check_edited(*attr, document);
    };
}

Value Documents::convert_change(const Attr& attr, std::string_view key, const Value& value) const {
    if (key == attr.name && !is_operation(value)) {
        check_unset(attr, value);
        return convert(attr, value);
    }
    const EditPlace place = find_place(attr, key);
    try {
        if (value.is_null() && !place.optional) throw types::TypeError("", "cannot be unset: it is not optional");
        return is_operation(value) ? typed_operation(place.type, value.object(), context())
                                   : types::convert(place.type, value, context());
    } catch (const types::TypeError& error) {
        throw invalid(std::string(key) + error.path, error.what());
    }
}

EditPlace Documents::find_place(const Attr& attr, std::string_view key) const {
    try {
        return place_of(attr, key, context());
    } catch (const types::TypeError& error) {
        throw invalid(attr.name + error.path, error.what());
    }
}

// An attr as the store is about to have it.
void Documents::check_edited(const Attr& attr, const Document& document) const {
    const Value* value = document.find(attr.name);
    check_unset(attr, value ? *value : Value());
    if (!value) return;
    try {
        types::Context stored = context();
        stored.is_stored = true;
        types::convert(attr.type, *value, stored);
    } catch (const types::TypeError& error) {
        throw invalid(attr.name + error.path, error.what());
    }
}

void Documents::check_unset(const Attr& attr, const Value& value) const {
    if (!value.is_null() || attr.optional) return;
    throw invalid(attr.name, "cannot be unset: it is not optional");
}

Refusal Documents::refusal_of(const EditMisfit& misfit) const {
    return invalid(base::join(misfit.path, "."), misfit.what());
}

Refusal Documents::invalid(std::string_view place, std::string_view what) const {
    return {
        400, module_.code + "_INVALID_ATTR",
        "Attr " + base::in_quotes(place) + " of module \"" + module_.module.name + "\" " + std::string(what) + "."
    };
}

Value Documents::convert(const Attr& attr, const Value& value) const {
    // The history of a document is limpd's own; what it keeps there is right by construction.
    if (attr.type.kind == Type::Kind::diff) return value;
    try {
        return types::convert(attr.type, value, context());
    } catch (const types::TypeError& error) {
        throw invalid(attr.name + error.path, error.what());
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

std::vector<Numbering> numbers_of(const Module& module) {
    std::vector<Numbering> numbers;
    for (const Attr& attr : module.attrs)
        if (attr.type.kind == Type::Kind::counter) numbers.push_back(types::numbering_of(attr));
    return numbers;
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
