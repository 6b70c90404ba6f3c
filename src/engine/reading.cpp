// Operations: read, and how what was found becomes an answer.
#include <algorithm>
#include <limits>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "engine/operations.hpp"
#include "query/cursor.hpp"

namespace limp::engine {

namespace {

using Names = std::vector<std::string>;

bool is_among(std::string_view name, const Names& names) {
    return std::ranges::find(names, name) != names.end();
}

std::vector<Document> documents_in(const std::string& list) {
    constexpr base::JsonLimits limits{.depth = 256, .values = std::numeric_limits<std::size_t>::max()};
    Value values = base::parse_json(list, limits);
    std::vector<Document> documents;
    for (Value& value : values.list()) documents.push_back(std::move(value.object()));
    return documents;
}

// LIMP's groups: {attr: [{min, max, count}, …]}.
Object groups_of(const std::vector<Facet>& facets, std::vector<std::vector<Bucket>> buckets) {
    Object groups;
    for (std::size_t at = 0; at < facets.size(); ++at) {
        List list;
        for (Bucket& bucket : buckets[at])
            list.push_back(
                Object{{"min", std::move(bucket.min)}, {"max", std::move(bucket.max)}, {"count", bucket.count}}
            );
        groups[base::join(facets[at].path, ".")] = std::move(list);
    }
    return groups;
}

// LIMP's {"type": "Point", "coordinates": […], "__distance": metres}.
void show_distances(const Near& near, const std::vector<double>& distances, std::vector<Shown>& docs) {
    for (std::size_t at = 0; at < docs.size(); ++at) {
        const auto point = docs[at].value(near.attr);
        if (!point) continue;
        std::string with_distance(point->substr(0, point->size() - 1));
        with_distance += ",\"__distance\":" + base::to_json(distances[at]) + '}';
        docs[at].replace(near.attr, std::move(with_distance), 0);
    }
}

Object read_args(const Query& query, FoundText& found) {
    Object args;
    if (query.count_to != 0) args.append("total", found.total);
    if (query.count_to > 0 && found.total >= query.count_to) args.append("capped", true);
    args.append("count", found.docs.size());
    args.append("groups", groups_of(query.facets, std::move(found.facets)));
    if (found.more) args.append("more", true);
    if (found.more && !found.end.empty()) args.append("next", query::write_cursor(found.end));
    return args;
}

}  // namespace

Task<Answer> Operations::read(const Work& work, Event& event) const {
    Query& query = event.query;
    if (query.limit == 0 || query.limit > limits_.read_docs) query.limit = limits_.read_docs;
    co_await run_hooks(work, event, HookPoint::When::before);
    if (event.answer) co_return std::move(*event.answer);

    FoundText found = co_await store_.read_text(work.module.module.collection, query);
    advisor_.consider(work.module.module, query, found.walked);
    Object args = read_args(query, found);
    std::vector<Shown> shown = co_await show(work, std::move(found.docs), event);
    if (query.near) show_distances(*query.near, found.distances, shown);
    if (!query.attrs.empty())
        for (Shown& doc : shown) doc.keep(query.attrs);
    std::string docs = to_json(shown);
    std::size_t count = shown.size();
    if (has_hook(work, HookPoint::When::after)) {
        event.docs = documents_in(docs);
        co_await run_hooks(work, event, HookPoint::When::after);
        if (event.answer) co_return std::move(*event.answer);
        count = event.docs.size();
        args["count"] = count;
        docs = base::to_json(List(event.docs.begin(), event.docs.end()));
    }
    co_return Answer::ok(counted("Found", count), std::move(args), std::move(docs));
}

Task<std::vector<Shown>> Operations::show(const Work& work, std::vector<DocTextPtr> docs, const Event& event) const {
    const Query& query = event.query;
    std::vector<Shown> shown;
    shown.reserve(docs.size());
    for (DocTextPtr& doc : docs) shown.emplace_back(work.module.module, std::move(doc), work.hidden);
    if (query.history) co_await histories_.show(work.module, work.hidden, shown, *event.session);
    if (query.extend) {
        co_await extender_.extend(work.module, shown, *event.session, [&](std::string_view attr) {
            return (query.attrs.empty() || is_among(attr, query.attrs)) &&
                   (query.extend_only.empty() || is_among(attr, query.extend_only));
        });
    }
    co_return shown;
}

std::string counted(std::string_view verb, std::size_t count) {
    return std::string(verb) + " " + std::to_string(count) + (count == 1 ? " doc." : " docs.");
}

}  // namespace limp::engine
