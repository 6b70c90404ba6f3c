#include "engine/collections.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "engine/revision.hpp"
#include "types/types.hpp"

namespace limp::engine {

namespace {

using Names = std::vector<std::string>;
using Column = Collection::Column;

std::optional<Column::Holds> holds(const Type& type) {
    switch (type.kind) {
        case Type::Kind::id:
        case Type::Kind::str:
        case Type::Kind::email:
        case Type::Kind::phone:
        case Type::Kind::uri_web:
        case Type::Kind::ip:
        case Type::Kind::time:
        case Type::Kind::locales:
        case Type::Kind::date:
        case Type::Kind::datetime:
        case Type::Kind::time_of_day:
        case Type::Kind::counter:
            return Column::Holds::text;
        case Type::Kind::choice:
            if (!std::ranges::all_of(type.literals, &Value::is_string)) return std::nullopt;
            return Column::Holds::text;
        case Type::Kind::integer:
            return Column::Holds::integer;
        case Type::Kind::real:
            return Column::Holds::number;
        case Type::Kind::boolean:
            return Column::Holds::boolean;
        default:
            return std::nullopt;
    }
}

bool is_list(const Attr& attr) {
    return attr.type.kind == Type::Kind::list;
}

}  // namespace

std::optional<Column> column_of(const Attr& attr) {
    const auto kept = holds(is_list(attr) ? attr.type.element.front() : attr.type);
    if (!kept) return std::nullopt;
    return Column{attr.name, *kept, is_list(attr)};
}

namespace {

bool is_reference(const Attr& attr) {
    return (is_list(attr) ? attr.type.element.front() : attr.type).kind == Type::Kind::id;
}

// Documents are looked for by what they refer to, whether or not somebody thought of an index: unless one begins with
// that attr, or the attr is unique and found by its key.
Names references(const Module& module) {
    Names attrs;
    for (const Attr& attr : module.attrs) {
        const bool is_indexed =
            std::ranges::any_of(module.indexes, [&](const Names& index) { return index.front() == attr.name; });
        const bool has_key =
            !is_list(attr) && std::ranges::find(module.unique, Names{attr.name}) != module.unique.end();
        if (is_reference(attr) && !is_indexed && !has_key) attrs.push_back(attr.name);
    }
    return attrs;
}

void add_columns(Collection& collection, const Module& module) {
    for (const Names& index : collection.indexes) {
        for (const std::string& name : index) {
            const auto column = column_of(*module.attr(name));
            if (std::ranges::find(collection.columns, *column) == collection.columns.end())
                collection.columns.push_back(*column);
        }
    }
}

Collection collection_of(const Module& module, const Settings& settings) {
    Collection collection;
    collection.name = module.collection;
    collection.unique = module.unique;
    for (const Attr& attr : module.attrs)
        if (attr.type.kind == Type::Kind::email || attr.name == "username") collection.folded.push_back(attr.name);
    for (const Attr& attr : module.attrs)
        if (types::holds_files(attr.type)) collection.files.push_back(attr.name);
    for (const Attr& attr : module.attrs)
        if (attr.type.kind == Type::Kind::geo) collection.points.push_back(attr.name);
    collection.searched = module.searched;
    collection.indexes = module.indexes;
    for (std::string& attr : references(module)) collection.indexes.push_back({std::move(attr)});
    add_columns(collection, module);
    collection.shape = shape_of(module, settings);
    collection.revise = Reviser(module, settings);
    return collection;
}

void check_was(const Module& module, const Attr& attr) {
    const auto fail = [&](const std::string& why) {
        throw DeclarationError(module.package, module.name + ".was." + attr.name, why);
    };
    const std::string was = '"' + attr.was + '"';
    if (is_server_owned(attr.name)) fail("limpd fills \"" + attr.name + "\" itself: it takes no values from " + was);
    if (is_reserved(attr.was)) fail(was + " is limpd's own and cannot have been an attr");
    if (attr.was == attr.name) fail("\"" + attr.name + "\" is called so: \"was\" says what it was called before");
    if (module.attr(attr.was))
        fail(
            was + " is an attr of its own, so \"" + attr.name +
            "\" cannot take its values; leave \"was\" out when no document has old values any more"
        );
    for (const Attr& other : module.attrs)
        if (other.was == attr.was && other.name != attr.name)
            fail("\"" + other.name + "\" was " + was + " too: the values can go to one attr only");
}

void check_index(const Module& module, std::size_t at) {
    const Names& index = module.indexes[at];
    const std::string place = module.name + ".indexes[" + std::to_string(at) + "]";
    const auto fail = [&](const std::string& why) { throw DeclarationError(module.package, place, why); };
    if (index.empty()) fail("an index must name some attrs");
    for (auto name = index.begin(); name != index.end(); ++name) {
        if (*name == "_id") fail("documents are found by \"_id\" without an index");
        require_attr(module.package, module, *name, place);
        const Attr& attr = *module.attr(*name);
        if (!column_of(attr))
            fail(
                "\"" + attr.name + "\" cannot be indexed: its type is " + types::text_of(attr.type) +
                "; id, str, email, phone, uri:web, ip, time, date, datetime, time_of_day, counter, locales, int, "
                "float, "
                "bool, a choice of texts, and lists of these can"
            );
        if (is_list(attr) && index.size() > 1) fail("\"" + attr.name + "\" is a list: it stands in an index alone");
        if (std::find(index.begin(), name, *name) != name) fail("\"" + attr.name + "\" stands in the index twice");
    }
    if (std::find(module.indexes.begin(), module.indexes.begin() + static_cast<std::ptrdiff_t>(at), index) !=
        module.indexes.begin() + static_cast<std::ptrdiff_t>(at))
        fail("the same index is there already");
}

bool has_words(const Type& type) {
    switch (type.kind) {
        case Type::Kind::str:
        case Type::Kind::email:
        case Type::Kind::locale:
            return true;
        case Type::Kind::choice:
            return std::ranges::all_of(type.literals, &Value::is_string);
        default:
            return false;
    }
}

void check_searched(const Module& module, std::size_t at) {
    const std::string place = module.name + ".searched[" + std::to_string(at) + "]";
    const std::string& name = module.searched[at];
    require_attr(module.package, module, name, place);
    const auto fail = [&](const std::string& why) { throw DeclarationError(module.package, place, why); };
    const Attr* attr = module.attr(name);
    if (!attr || !has_words(is_list(*attr) ? attr->type.element.front() : attr->type))
        fail("\"" + name + "\" has no words: str, email, locale, a choice of texts, and lists of these have");
    if (std::ranges::count(module.searched, name) > 1) fail("\"" + name + "\" is named twice");
}

}  // namespace

std::vector<Collection> collections(const Registry& registry, const Settings& settings) {
    std::vector<Collection> collections;
    for (const auto& [name, compiled] : registry.modules())
        if (!compiled.module.collection.empty()) collections.push_back(collection_of(compiled.module, settings));
    return collections;
}

void check_upkeep(const Module& module) {
    for (const Attr& attr : module.attrs)
        if (!attr.was.empty()) check_was(module, attr);
    for (std::size_t at = 0; at < module.indexes.size(); ++at) check_index(module, at);
    for (std::size_t at = 0; at < module.searched.size(); ++at) check_searched(module, at);
}

}  // namespace limp::engine
