#include "engine/extender.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/time.hpp"
#include "engine/documents.hpp"
#include "query/parser.hpp"

namespace limp::engine {

namespace {

// The references in one attr of one document: itself, or each element of its list.
void collect(Document& doc, const std::string& attr, std::vector<Value*>& references) {
    Value* value = doc.find(attr);
    if (!value) return;
    if (value->is_string()) references.push_back(value);
    if (value->is_list())
        for (Value& element : value->list())
            if (element.is_string()) references.push_back(&element);
}

Document subset(const Document& doc, const std::vector<std::string>& attrs) {
    if (attrs.empty()) return doc;
    Document shown;
    for (const Member& member : doc)
        if (member.name == "_id" || std::ranges::find(attrs, member.name) != attrs.end())
            shown.append(member.name, member.value);
    return shown;
}

// The documents in a value, itself among them.
std::size_t count_documents(const Value& value) {
    std::size_t count = 0;
    if (value.is_list())
        for (const Value& element : value.list()) count += count_documents(element);
    if (value.is_object()) {
        count = value.object().contains("_id") ? 1 : 0;
        for (const Member& member : value.object()) count += count_documents(member.value);
    }
    return count;
}

std::string module_named_by(const Extn& extn, const Document& doc) {
    if (!extn.module.starts_with("$__doc.")) return extn.module;
    const Value* named = doc.find(std::string_view(extn.module).substr(7));
    return named && named->is_string() ? named->string() : std::string();
}

}  // namespace

Task<> Extender::extend(const CompiledModule& module, std::vector<Document>& docs, const Session& session) const {
    Budget budget{limits_.extn_docs, limits_.extn_depth};
    co_await extend(module, docs, session, budget);
}

Task<> Extender::extend(
    const CompiledModule& module, std::vector<Document>& docs, const Session& session, Budget& budget
) const {
    for (const Extn& extn : module.module.extns) {
        std::map<std::string, std::vector<Value*>> by_module;
        for (Document& doc : docs) collect(doc, extn.attr, by_module[module_named_by(extn, doc)]);
        for (auto& [name, references] : by_module) {
            const CompiledModule* target = registry_.find(name);
            if (target && !references.empty()) co_await fill(extn, *target, references, session, budget);
        }
    }
}

Task<> Extender::fill(
    const Extn& extn, const CompiledModule& target, std::vector<Value*> references, const Session& session,
    Budget& budget
) const {
    const CompiledPermission* permission = target.permission("read", session);
    if (!permission) co_return;
    spend(budget, references.size());
    std::vector<Document> docs = co_await fetch(target, *permission, references, session);
    if (extn.deep && budget.depth > 1) {
        --budget.depth;
        co_await extend(target, docs, session, budget);
        ++budget.depth;
    }
    std::unordered_map<std::string, Target> targets;
    for (Document& doc : docs) {
        std::string id = doc.find("_id")->string();
        targets.emplace(std::move(id), Target{subset(doc, extn.attrs)});
    }
    for (Value* reference : references) {
        auto found = targets.find(reference->string());
        *reference = found == targets.end() ? Value() : place(found->second, budget);
    }
}

// What was extended inside the target was counted when that was done, once: its other copies count too, or documents
// that refer to each other many times over would multiply without end.
Value Extender::place(Target& target, Budget& budget) const {
    if (target.is_placed) spend(budget, count_documents(target.doc) - 1);
    target.is_placed = true;
    return target.doc;
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

Task<std::vector<Document>> Extender::fetch(
    const CompiledModule& target, const CompiledPermission& permission, const std::vector<Value*>& references,
    const Session& session
) const {
    std::set<std::string> ids;
    for (const Value* reference : references) ids.insert(reference->string());

    Query query;
    query.filter = Filter::in("_id", std::vector<Value>(ids.begin(), ids.end()));
    query.filter.narrow(
        query::resolve(permission.filter, {.user = session.user, .time = base::time_text(base::now_ms())})
    );
    Found found = co_await store_.read(target.module.collection, std::move(query));
    std::vector<Document> docs;
    docs.reserve(found.docs.size());
    for (const Document& doc : found.docs) docs.push_back(present(target.module, doc, permission.hide));
    co_return docs;
}

}  // namespace limp::engine
