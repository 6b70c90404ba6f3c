#include "store/selection.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace limp::store {

namespace {

constexpr std::size_t no_end = std::numeric_limits<std::size_t>::max();

// One more than is asked for: whether there are more.
std::size_t kept_of(const Query& query) {
    if (query.limit <= 0) return no_end;
    const auto skip = static_cast<std::size_t>(std::max<std::int64_t>(query.skip, 0));
    const auto count = static_cast<std::size_t>(query.limit) + 1;
    return count < no_end - skip ? skip + count : no_end;
}

std::vector<SortKey> sort_of(const Query& query) {
    if (is_sorted(query)) return query.sort;
    SortKey by_rank;
    by_rank.descending = query.search.has_value();
    return {by_rank};
}

}  // namespace

bool is_sorted(const Query& query) {
    return !query.sort.empty() || (!query.search && !query.near);
}

std::int64_t counted(std::int64_t total, const Query& query) {
    return query.count_to < 0 ? total : std::min(total, query.count_to);
}

Selection::Selection(const Query& query, const query::Related& related)
    : query_(query), related_(related), sort_(sort_of(query)), kept_max_(kept_of(query)) {}

auto Selection::order() const {
    return [this](const Kept& left, const Kept& right) { return query::comes_before(sort_, left.place, right.place); };
}

std::optional<Selection::Kept> Selection::place(const Document& document, double relevance) {
    ++total_;
    Kept kept;
    if (query_.near) kept.distance = query::distance(*query_.near, document).value_or(0);
    if (is_sorted(query_)) {
        kept.place = query::place_of(sort_, document, related_);
    } else {
        kept.place = query::place_of({}, document);
        kept.place.insert(kept.place.begin(), query_.search ? relevance : kept.distance);
    }
    if (!query_.after.empty() && !query::comes_before(sort_, query_.after, kept.place)) return std::nullopt;
    if (kept_.size() == kept_max_ && !order()(kept, kept_.front())) return std::nullopt;
    return kept;
}

void Selection::keep(Kept kept) {
    if (kept_.size() == kept_max_) {
        std::ranges::pop_heap(kept_, order());
        kept_.back() = std::move(kept);
        std::ranges::push_heap(kept_, order());
        return;
    }
    kept_.push_back(std::move(kept));
    if (kept_.size() == kept_max_) std::ranges::make_heap(kept_, order());
}

FoundText Selection::take() {
    std::ranges::sort(kept_, order());
    FoundText found;
    found.total = counted(total_, query_);
    found.more = kept_.size() == kept_max_;
    if (found.more) kept_.pop_back();
    if (found.more && is_sorted(query_)) found.end = kept_.back().place;
    const auto skipped = std::min(static_cast<std::size_t>(std::max<std::int64_t>(query_.skip, 0)), kept_.size());
    for (std::size_t at = skipped; at < kept_.size(); ++at) {
        found.docs.push_back(std::move(kept_[at].text));
        if (query_.near) found.distances.push_back(kept_[at].distance);
    }
    return found;
}

std::vector<Document> select(
    std::vector<Document> matching, std::span<const SortKey> sort, std::int64_t skip, std::int64_t limit,
    const query::Related& related
) {
    using Placed = std::pair<std::vector<Value>, Document>;
    std::vector<Placed> placed;
    for (Document& document : matching) {
        std::vector<Value> place = query::place_of(sort, document, related);
        placed.emplace_back(std::move(place), std::move(document));
    }
    std::ranges::sort(placed, [&](const Placed& left, const Placed& right) {
        return query::comes_before(sort, left.first, right.first);
    });
    std::vector<Document> picked;
    for (Placed& one : placed) {
        if (limit > 0 && std::ssize(picked) == limit) break;
        if (skip-- > 0) continue;
        picked.push_back(std::move(one.second));
    }
    return picked;
}

namespace {

std::optional<std::vector<std::string>> texts_of(const Condition& condition, std::string_view attr) {
    using Operator = Condition::Operator;
    if (condition.path.size() != 1 || condition.path.front() != attr || condition.any_child) return std::nullopt;
    if (condition.oper != Operator::equal && condition.oper != Operator::in) return std::nullopt;
    if (!std::ranges::all_of(condition.operands, &Value::is_string)) return std::nullopt;

    std::vector<std::string> texts;
    for (const Value& operand : condition.operands) texts.push_back(operand.string());
    std::ranges::sort(texts);
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    return texts;
}

}  // namespace

std::optional<std::vector<std::string>> required_texts(const Filter& filter, std::string_view attr) {
    if (filter.kind == Filter::Kind::condition) return texts_of(filter.condition, attr);
    if (filter.kind == Filter::Kind::all)
        for (const Filter& child : filter.children)
            if (auto texts = required_texts(child, attr)) return texts;
    return std::nullopt;
}

namespace {

bool goes_into_others(const Filter& filter) {
    return filter.kind == Filter::Kind::related ||
           std::ranges::any_of(filter.children, [](const Filter& child) { return goes_into_others(child); });
}

}  // namespace

bool is_plain(const Query& query) {
    return !query.deleted && !query.search && !query.near && query.facets.empty() && !goes_into_others(query.filter) &&
           std::ranges::all_of(query.sort, [](const SortKey& key) { return key.hops.empty(); });
}

}  // namespace limp::store
