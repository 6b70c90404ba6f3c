#include "engine/extender.hpp"

#include <map>
#include <utility>

#include "base/json.hpp"
#include "base/time.hpp"
#include "query/parser.hpp"

namespace limp::engine {

namespace {

// The text that this JSON is, if it is one.
std::optional<std::string> text_in(std::string_view json) {
    if (!json.starts_with('"')) return std::nullopt;
    if (json.find('\\') == json.npos) return std::string(json.substr(1, json.size() - 2));
    return base::parse_json(json).string();
}

// The references in a value: itself, or each text of its list.
std::vector<std::string> references_in(std::string_view json) {
    if (auto one = text_in(json)) return {std::move(*one)};
    if (!json.starts_with('[')) return {};
    std::vector<std::string> references;
    Value list = base::parse_json(json);
    for (Value& element : list.list())
        if (element.is_string()) references.push_back(std::move(element.string()));
    return references;
}

std::string module_named_by(const Extn& extn, const Shown& doc) {
    if (!extn.module.starts_with("$__doc.")) return extn.module;
    const auto named = doc.value(std::string_view(extn.module).substr(7));
    return named ? text_in(*named).value_or(std::string()) : std::string();
}

}  // namespace

Task<> Extender::extend(
    const CompiledModule& module, std::vector<Shown>& docs, const Session& session,
    const std::function<bool(std::string_view attr)>& wanted
) const {
    Budget budget{limits_.extn_docs, limits_.extn_depth};
    for (const Extn& extn : module.module.extns)
        if (wanted(extn.attr)) co_await extend_by(extn, docs, session, budget);
}

Task<> Extender::extend_by(const Extn& extn, std::vector<Shown>& docs, const Session& session, Budget& budget) const {
    std::map<std::string, std::vector<Shown*>> by_module;
    for (Shown& doc : docs)
        if (doc.value(extn.attr)) by_module[module_named_by(extn, doc)].push_back(&doc);
    for (const auto& [name, of_module] : by_module)
        if (const CompiledModule* target = registry_.find(name))
            co_await fill(extn, *target, of_module, session, budget);
}

Task<> Extender::fill(
    const Extn& extn, const CompiledModule& target, const std::vector<Shown*>& docs, const Session& session,
    Budget& budget
) const {
    const CompiledPermission* permission = target.permission("read", session);
    if (!permission) co_return;
    std::set<std::string> ids;
    for (const Shown* doc : docs) {
        std::vector<std::string> references = references_in(*doc->value(extn.attr));
        spend(budget, references.size());
        for (std::string& id : references) ids.insert(std::move(id));
    }
    if (ids.empty()) co_return;

    std::vector<Shown> found = co_await fetch(target, *permission, ids, session);
    if (extn.deep && budget.depth > 1) {
        --budget.depth;
        for (const Extn& deeper : target.module.extns) co_await extend_by(deeper, found, session, budget);
        ++budget.depth;
    }
    Targets targets;
    for (Shown& one : found) {
        if (!extn.attrs.empty()) one.keep(extn.attrs);
        Target made{{}, one.documents()};
        one.append_to(made.json);
        targets.emplace(one.id(), std::move(made));
    }
    for (Shown* doc : docs) place(extn, *doc, targets, budget);
}

void Extender::place(const Extn& extn, Shown& doc, Targets& targets, Budget& budget) const {
    const std::string_view json = *doc.value(extn.attr);
    std::size_t documents = 0;
    if (const auto id = text_in(json)) {
        std::string target = placed(*id, targets, budget, documents);
        return doc.replace(extn.attr, std::move(target), documents);
    }
    if (!json.starts_with('[')) return;
    std::string list = "[";
    const Value elements = base::parse_json(json);
    for (const Value& element : elements.list()) {
        if (list.size() > 1) list += ',';
        if (element.is_string())
            list += placed(element.string(), targets, budget, documents);
        else
            base::append_json(list, element);
    }
    list += ']';
    doc.replace(extn.attr, std::move(list), documents);
}

// What was extended inside the target was counted when that was done, once: its other copies count too, or documents
// that refer to each other many times over would multiply without end.
std::string Extender::placed(const std::string& id, Targets& targets, Budget& budget, std::size_t& documents) const {
    const auto found = targets.find(id);
    if (found == targets.end()) return "null";
    Target& target = found->second;
    if (std::exchange(target.is_placed, true)) spend(budget, target.documents - 1);
    documents += target.documents;
    return target.json;
}

void Extender::spend(Budget& budget, std::size_t references) const {
    if (references > budget.references) {
        throw Refusal(
            400, "CORE_QUERY_TOO_LARGE",
            "This read extends more than " + std::to_string(limits_.extn_docs) +
                " references. Read fewer documents with $limit, or send \"$extn\": false."
        );
    }
    budget.references -= references;
}

Task<std::vector<Shown>> Extender::fetch(
    const CompiledModule& target, const CompiledPermission& permission, const std::set<std::string>& ids,
    const Session& session
) const {
    Query query;
    query.filter = Filter::in("_id", std::vector<Value>(ids.begin(), ids.end()));
    query.filter.narrow(query::resolve(permission.filter, {.user = session.user, .now_ms = base::now_ms()}));
    FoundText found = co_await store_.read_text(target.module.collection, std::move(query));
    std::vector<Shown> docs;
    docs.reserve(found.docs.size());
    for (DocTextPtr& doc : found.docs) docs.emplace_back(target.module, std::move(doc), permission.hide);
    co_return docs;
}

}  // namespace limp::engine
