#include "engine/histories.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <utility>

#include "base/json.hpp"

namespace limp::engine {

namespace {

// The text of a JSON text that has nothing to unescape: an id.
std::string text_in(std::string_view json) {
    return std::string(json.substr(1, json.size() - 2));
}

// The revision that the entry's update led to.
std::int64_t revision_in(const Shown& entry) {
    return base::parse_json(entry.value("rev").value()).integer();
}

// Of vars or to: what this caller may see of the module as it is now.
std::string seen(std::string_view json, const Module& module, std::span<const std::string> hidden) {
    Value values = base::parse_json(json);
    Object shown;
    for (Member& member : values.object()) {
        const bool is_hidden = std::ranges::find(hidden, member.name) != hidden.end();
        if (!is_hidden && module.attr(member.name)) shown.append(std::move(member.name), std::move(member.value));
    }
    return base::to_json(shown);
}

// Where the extn shows nobody there is at least the id.
std::string user_in(const Shown& entry, const std::string& id) {
    const std::string_view user = *entry.value("user");
    return user.starts_with('{') ? std::string(user) : base::to_json(Object{{"_id", id}});
}

std::string text_of(
    const Shown& entry, const std::string& user, const Module& module, std::span<const std::string> hidden
) {
    std::string text = "{\"user\":" + user_in(entry, user) + ",\"time\":";
    text += *entry.value("time");
    text += ",\"vars\":" + seen(*entry.value("vars"), module, hidden);
    text += ",\"to\":" + seen(*entry.value("to"), module, hidden) + "}";
    return text;
}

}  // namespace

bool is_history(const Attr& attr) {
    return attr.type.kind == Type::Kind::diff;
}

Histories::Histories(const Registry& registry, Store& store, const Limits& limits)
    : store_(store),
      entries_(registry.find("diff")),
      collection_(entries_ ? entries_->module.collection : std::string()),
      newest_(limits.history_entries),
      extender_(registry, store, limits) {}

Task<> Histories::show(
    const CompiledModule& module, std::span<const std::string> hidden, std::vector<Shown>& docs, const Session& session
) const {
    const bool is_shown = std::ranges::any_of(module.module.attrs, is_history);
    if (!is_shown || collection_.empty() || docs.empty()) co_return;
    std::vector<Shown> entries = co_await read(module.module, docs);
    // Ids ascend on one thread alone, and updates come on several.
    std::ranges::sort(entries, std::ranges::greater(), revision_in);
    std::vector<std::string> users;
    for (const Shown& entry : entries) users.push_back(text_in(entry.value("user").value()));
    co_await extender_.extend(*entries_, entries, session, [](std::string_view) { return true; });

    std::map<std::string, std::string, std::less<>> lists;  // by document, each with a comma before its entries
    for (std::size_t at = entries.size(); at-- > 0;)
        lists[text_in(entries[at].value("doc").value())] +=
            "," + text_of(entries[at], users[at], module.module, hidden);
    for (Shown& doc : docs) {
        const auto list = lists.find(doc.id());
        if (list == lists.end()) continue;
        for (const Attr& attr : module.module.attrs)
            if (is_history(attr) && doc.value(attr.name)) doc.replace(attr.name, "[" + list->second.substr(1) + "]", 0);
    }
}

// Newest first. In one go, unless some document has so many that others come too short.
Task<std::vector<Shown>> Histories::read(const Module& module, const std::vector<Shown>& docs) const {
    std::vector<Shown> entries;
    std::map<std::string, std::int64_t> missing;  // by document
    for (const Shown& doc : docs) missing.emplace(doc.id(), newest_);
    std::string last;
    while (!missing.empty()) {
        const Query query = query_for(module, missing, last);
        FoundText found = co_await store_.read_text(collection_, query);
        for (DocTextPtr& text : found.docs) {
            Shown entry(entries_->module, std::move(text), {});
            last = entry.id();
            const auto wanting = missing.find(text_in(entry.value("doc").value()));
            if (wanting == missing.end() || wanting->second-- <= 0) continue;
            entries.push_back(std::move(entry));
        }
        if (std::ssize(found.docs) < query.limit) break;
        std::erase_if(missing, [](const auto& document) { return document.second <= 0; });
    }
    co_return entries;
}

Query Histories::query_for(
    const Module& module, const std::map<std::string, std::int64_t>& missing, const std::string& last
) const {
    std::vector<Value> ids;
    for (const auto& [id, count] : missing) ids.emplace_back(id);
    Query query;
    query.limit = newest_ * std::ssize(ids);
    query.count_to = 0;
    query.filter = Filter::all_of({Filter::in("doc", std::move(ids)), Filter::equal("module", module.name)});
    if (last.empty()) return query;
    Condition older;
    older.path = {"_id"};
    older.oper = Condition::Operator::less;
    older.operands = {last};
    query.filter.narrow(Filter::of(std::move(older)));
    return query;
}

}  // namespace limp::engine
