#include <compare>

#include "query/compare.hpp"
#include "query/matcher.hpp"

namespace limp::query {

namespace {

const Value missing;

// Through objects alone: what stands inside a list has no one place in an order.
const Value& value_at(const Document& document, const AttrPath& path) {
    const Object* at = &document;
    const Value* found = &missing;
    for (const std::string& segment : path) {
        found = at ? at->find(segment) : nullptr;
        if (!found) return missing;
        at = found->is_object() ? &found->object() : nullptr;
    }
    return *found;
}

Value value_of(const SortKey& key, const Document& document, const Related& related) {
    std::shared_ptr<const Document> other;
    const Document* at = &document;
    for (const SortKey::Hop& hop : key.hops) {
        const Value* id = at->find(hop.reference.attr);
        if (!id || !id->is_string()) return missing;
        other = related.find(hop.reference.collection, id->string());
        if (!other || !Matcher(hop.passed, related).matches(*other)) return missing;
        at = other.get();
    }
    return value_at(*at, key.path);
}

int rank(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::null:
            return 0;
        case Value::Kind::boolean:
            return 1;
        case Value::Kind::integer:
        case Value::Kind::real:
            return 2;
        case Value::Kind::string:
            return 3;
        case Value::Kind::object:
            return 4;
        case Value::Kind::list:
            return 5;
    }
    return 6;
}

std::partial_ordering sort_order(const Value& left, const Value& right) {
    if (rank(left) != rank(right)) return rank(left) <=> rank(right);
    if (left.is_bool()) return left.boolean() <=> right.boolean();
    return compare(left, right);
}

}  // namespace

std::vector<Value> place_of(std::span<const SortKey> order, const Document& document, const Related& related) {
    std::vector<Value> place;
    for (const SortKey& key : order) place.push_back(value_of(key, document, related));
    place.push_back(value_at(document, {"_id"}));
    return place;
}

bool comes_before(std::span<const SortKey> order, std::span<const Value> left, std::span<const Value> right) {
    for (std::size_t at = 0; at < order.size(); ++at) {
        const auto relation = sort_order(left[at], right[at]);
        if (relation < 0) return !order[at].descending;
        if (relation > 0) return order[at].descending;
    }
    return sort_order(left.back(), right.back()) > 0;
}

}  // namespace limp::query
