#include "store/selection.hpp"

#include <algorithm>

#include "query/matcher.hpp"

namespace limp::store {

std::vector<Document> select(
    std::vector<Document> matching, std::span<const SortKey> sort, std::int64_t skip, std::int64_t limit
) {
    std::ranges::sort(matching, [sort](const Document& left, const Document& right) {
        return query::comes_before(sort, left, right);
    });
    const auto total = static_cast<std::int64_t>(matching.size());
    const std::int64_t skipped = std::clamp<std::int64_t>(skip, 0, total);
    const std::int64_t rest = total - skipped;
    matching.erase(matching.begin(), matching.begin() + skipped);
    matching.resize(static_cast<std::size_t>(limit > 0 ? std::min(limit, rest) : rest));
    return matching;
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

}  // namespace limp::store
