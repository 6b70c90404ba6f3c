#include "chance.hpp"

#include "base/json.hpp"

namespace limp::store {

namespace {

std::string text_of(const Condition& condition) {
    std::string text = condition.any_child ? "child of " : "";
    for (const std::string& part : condition.path) text += part + ".";
    text += " #" + std::to_string(static_cast<int>(condition.oper));
    for (const Value& operand : condition.operands) text += " " + base::to_json(operand);
    return text;
}

std::string text_of(const Search& search) {
    std::string text = " search";
    for (const std::string& attr : search.attrs) text += " " + attr;
    for (const std::string& word : search.words) text += " '" + word + "'";
    return text + (search.last_begins ? "*" : "");
}

std::string text_of(const Near& near) {
    return " near " + std::to_string(near.longitude) + " " + std::to_string(near.latitude) +
           (near.within ? " within " + std::to_string(*near.within) : "");
}

std::string text_of(const SortKey& key) {
    std::string text = key.descending ? " -" : " +";
    for (const SortKey::Hop& hop : key.hops)
        text += hop.reference.attr + ">" + hop.reference.collection + "[" + store::text_of(hop.passed) + "].";
    for (const std::string& part : key.path) text += part + ".";
    return text;
}

}  // namespace

std::string text_of(const Filter& filter) {
    if (filter.kind == Filter::Kind::condition) return text_of(filter.condition);
    static const std::vector<std::string> names = {"all", "any", "none", "", "related"};
    std::string text = names[static_cast<std::size_t>(filter.kind)];
    if (filter.kind == Filter::Kind::related) text += " " + filter.reference.attr + ">" + filter.reference.collection;
    text += '(';
    for (const Filter& child : filter.children) text += (&child == filter.children.data() ? "" : ", ") + text_of(child);
    return text + ')';
}

std::string text_of(const Query& query) {
    std::string text = query.deleted ? "deleted " : "";
    text += text_of(query.filter);
    for (const SortKey& key : query.sort) text += text_of(key);
    if (query.search) text += text_of(*query.search);
    if (query.near) text += text_of(*query.near);
    for (const Facet& facet : query.facets)
        text += " by " + facet.path.front() + " " + std::to_string(facet.buckets) + " of " + text_of(facet.filter);
    if (!query.after.empty()) text += " after " + base::to_json(Value(List(query.after.begin(), query.after.end())));
    return text + " skip " + std::to_string(query.skip) + " limit " + std::to_string(query.limit) + " count " +
           std::to_string(query.count_to);
}

}  // namespace limp::store
