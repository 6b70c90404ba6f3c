#include "engine/ensured.hpp"

#include <utility>

#include "base/id.hpp"
#include "base/text.hpp"
#include "engine/documents.hpp"

namespace limp::engine {

namespace {

ReadyDocument ready(const EnsuredDocument& ensured, const Registry& registry, const Settings& settings) {
    const CompiledModule* module = registry.find(ensured.module);
    if (!module || module->module.collection.empty()) {
        throw Refusal(
            400, "",
            "there is no module " + base::in_quotes(ensured.module) + " that stores documents" +
                base::did_you_mean(ensured.module, registry.names())
        );
    }
    const Value* id = ensured.doc.find("_id");
    if (!id || !id->is_string() || !base::is_id(id->string()))
        throw Refusal(400, "", "a document that must exist needs an \"_id\" of 24 hex digits");
    for (const Member& member : ensured.doc) {
        if (member.name == "_id" || module->module.attr(member.name)) continue;
        throw Refusal(400, "", "module \"" + ensured.module + "\" has no attr " + base::in_quotes(member.name));
    }

    ReadyDocument document;
    document.module = &module->module;
    document.id = base::to_lower(id->string());
    document.password = ensured.password;
    Change create;
    create.kind = Change::Kind::create;
    create.collection = module->module.collection;
    create.document = Documents(*module, settings, document.changes).complete(ensured.doc, {});
    create.document["_id"] = document.id;
    create.numbers = numbers_of(module->module);
    document.changes.push_back(std::move(create));
    return document;
}

}  // namespace

std::vector<ReadyDocument> ready_documents(
    const std::vector<PackageRef>& packages, const Registry& registry, const Settings& settings
) {
    std::vector<ReadyDocument> documents;
    for (const PackageRef& package : packages) {
        for (std::size_t i = 0; i < package->documents.size(); ++i) {
            try {
                documents.push_back(ready(package->documents[i], registry, settings));
            } catch (const Refusal& refusal) {
                throw DeclarationError(package->name, "docs[" + std::to_string(i) + "]", refusal.message());
            }
        }
    }
    return documents;
}

}  // namespace limp::engine
