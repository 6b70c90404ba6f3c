#include "query/matcher.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "query/compare.hpp"
#include "query/pattern.hpp"

namespace limp::query {

namespace {

using Operator = Condition::Operator;

// Whether `test` is true of any value at the path below this one. Lists on the way stand for their elements.
template <class Test>
bool any_at(const Value& value, const AttrPath& path, std::size_t depth, const Test& test) {
    if (depth == path.size()) return test(value);
    if (value.is_list())
        return std::ranges::any_of(value.list(), [&](const Value& one) { return any_at(one, path, depth, test); });
    const Value* next = value.find(path[depth]);
    return next && any_at(*next, path, depth + 1, test);
}

template <class Test>
bool any_of_document(const Document& document, const AttrPath& path, const Test& test) {
    const Value* first = document.find(path.front());
    return first && any_at(*first, path, 1, test);
}

// The value itself or, where it is a list, any of its elements.
template <class Test>
bool itself_or_element(const Value& value, const Test& test) {
    return test(value) || (value.is_list() && std::ranges::any_of(value.list(), test));
}

template <class Test>
bool any_child(const Value& value, const Test& test) {
    return itself_or_element(value, [&](const Value& one) {
        return one.is_object() && std::ranges::any_of(one.object(), [&](const Member& member) {
                   return itself_or_element(member.value, test);
               });
    });
}

bool is_in_order(Operator oper, const Value& value, const std::vector<Value>& operands) {
    const std::partial_ordering order = compare(value, operands.front());
    switch (oper) {
        case Operator::greater:
            return order > 0;
        case Operator::greater_equal:
            return order >= 0;
        case Operator::less:
            return order < 0;
        case Operator::less_equal:
            return order <= 0;
        default:
            return order >= 0 && compare(value, operands[1]) <= 0;
    }
}

// A condition, with what of it can be made ready.
class ReadyCondition {
public:
    explicit ReadyCondition(const Condition& condition) : condition_(condition) {
        if (condition.oper == Operator::contains) folded_ = base::fold_case(condition.operands.front().string());
        if (condition.oper == Operator::pattern) pattern_ = compile_pattern(condition.operands.front().string());
        if (condition.operands.size() > few && std::ranges::all_of(condition.operands, &Value::is_string))
            for (const Value& operand : condition.operands) texts_.insert(operand.string());
    }

    bool holds(const Document& document) const {
        switch (condition_.oper) {
            case Operator::equal:
            case Operator::in:
                return has_any_operand(document);
            case Operator::not_equal:
                return !has_any_operand(document);
            case Operator::contains:
                return has_text(document, [&](const std::string& text) {
                    return base::fold_case(text).find(folded_) != std::string::npos;
                });
            case Operator::pattern:
                return pattern_->ok() &&
                       has_text(document, [&](const std::string& text) { return RE2::PartialMatch(text, *pattern_); });
            case Operator::missing:
                return !is_present(document);
            case Operator::present:
                return is_present(document);
            default:
                return any_value(document, [&](const Value& value) {
                    return is_in_order(condition_.oper, value, condition_.operands);
                });
        }
    }

private:
    static constexpr std::size_t few = 8;  // operands that are quicker looked through than hashed

    // Whether any value that the condition speaks of passes.
    template <class Test>
    bool any_value(const Document& document, const Test& test) const {
        return any_of_document(document, condition_.path, [&](const Value& value) {
            return condition_.any_child ? any_child(value, test) : itself_or_element(value, test);
        });
    }

    template <class Test>
    bool has_text(const Document& document, const Test& test) const {
        return any_value(document, [&](const Value& value) { return value.is_string() && test(value.string()); });
    }

    bool is_present(const Document& document) const {
        return any_of_document(document, condition_.path, [](const Value& value) { return !value.is_null(); });
    }

    bool has_any_operand(const Document& document) const {
        return any_value(document, [&](const Value& value) {
            if (!texts_.empty()) return value.is_string() && texts_.contains(value.string());
            return std::ranges::any_of(condition_.operands, [&](const Value& one) { return is_same(value, one); });
        });
    }

    const Condition& condition_;
    std::string folded_;
    std::unique_ptr<RE2> pattern_;
    std::unordered_set<std::string> texts_;
};

class NoRelated final : public Related {
public:
    std::shared_ptr<const Document> find(const std::string&, const std::string&) const override { return nullptr; }
};

}  // namespace

const Related& no_related() {
    static const NoRelated none;
    return none;
}

struct Matcher::Node {
    Node(const Filter& from, const Related& others) : filter(from), related(others) {
        if (filter.kind == Filter::Kind::condition) condition.emplace(filter.condition);
        for (const Filter& child : filter.children) children.push_back(std::make_unique<Node>(child, others));
    }

    bool passes(const Document& document) const {
        const auto child_passes = [&](const std::unique_ptr<Node>& child) { return child->passes(document); };
        switch (filter.kind) {
            case Filter::Kind::all:
                return std::ranges::all_of(children, child_passes);
            case Filter::Kind::any:
                return std::ranges::any_of(children, child_passes);
            case Filter::Kind::none:
                return std::ranges::none_of(children, child_passes);
            case Filter::Kind::condition:
                return condition->holds(document);
            case Filter::Kind::related:
                return has_related(document);
        }
        return false;
    }

    bool has_related(const Document& document) const {
        const Value* value = document.find(filter.reference.attr);
        return value && itself_or_element(*value, [&](const Value& id) {
                   if (!id.is_string()) return false;
                   const auto other = related.find(filter.reference.collection, id.string());
                   return other && children.front()->passes(*other);
               });
    }

    const Filter& filter;
    const Related& related;
    std::optional<ReadyCondition> condition;
    std::vector<std::unique_ptr<Node>> children;
};

Matcher::Matcher(const Filter& filter, const Related& related) : root_(std::make_unique<Node>(filter, related)) {}
Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

bool Matcher::matches(const Document& document) const {
    return root_->passes(document);
}

}  // namespace limp::query
