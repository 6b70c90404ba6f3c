#include "store/selection.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "query/matcher.hpp"

namespace limp::store {

namespace {

auto order(std::span<const SortKey> sort) {
    return [sort](const Document& left, const Document& right) {
        return query::comes_before(sort, query::place_of(sort, left), query::place_of(sort, right));
    };
}

constexpr std::size_t no_end = std::numeric_limits<std::size_t>::max();

std::size_t end_of(std::size_t skip, std::int64_t limit) {
    if (limit <= 0) return no_end;
    const auto count = static_cast<std::size_t>(limit);
    return count < no_end - skip ? skip + count : no_end;
}

}  // namespace

Selection::Selection(std::span<const SortKey> sort, std::int64_t skip, std::int64_t limit)
    : sort_(sort), skip_(static_cast<std::size_t>(std::max<std::int64_t>(skip, 0))), kept_max_(end_of(skip_, limit)) {}

void Selection::add(Document document) {
    ++total_;
    if (kept_.size() < kept_max_) {
        kept_.push_back(std::move(document));
        if (kept_.size() == kept_max_) std::ranges::make_heap(kept_, order(sort_));
    } else if (order(sort_)(document, kept_.front())) {
        std::ranges::pop_heap(kept_, order(sort_));
        kept_.back() = std::move(document);
        std::ranges::push_heap(kept_, order(sort_));
    }
}

std::vector<Document> Selection::take() {
    std::ranges::sort(kept_, order(sort_));
    kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(std::min(skip_, kept_.size())));
    return std::move(kept_);
}

std::vector<Document> select(
    std::vector<Document> matching, std::span<const SortKey> sort, std::int64_t skip, std::int64_t limit
) {
    Selection selection(sort, skip, limit);
    for (Document& document : matching) selection.add(std::move(document));
    return selection.take();
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
