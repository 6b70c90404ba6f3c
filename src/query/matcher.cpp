#include "query/matcher.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "query/compare.hpp"

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

// Whether any value that the condition speaks of passes.
template <class Test>
bool any_value(const Condition& condition, const Document& document, const Test& test) {
    return any_of_document(document, condition.path, [&](const Value& value) {
        return condition.any_child ? any_child(value, test) : itself_or_element(value, test);
    });
}

bool is_present(const Condition& condition, const Document& document) {
    return any_of_document(document, condition.path, [](const Value& value) { return !value.is_null(); });
}

bool has_any_operand(const Condition& condition, const Document& document) {
    return any_value(condition, document, [&](const Value& value) {
        return std::ranges::any_of(condition.operands, [&](const Value& one) { return is_same(value, one); });
    });
}

bool contains_text(const Condition& condition, const Document& document) {
    const std::string wanted = base::fold_case(condition.operands.front().string());
    return any_value(condition, document, [&](const Value& value) {
        return value.is_string() && base::fold_case(value.string()).find(wanted) != std::string::npos;
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

bool holds(const Condition& condition, const Document& document) {
    switch (condition.oper) {
        case Operator::equal:
        case Operator::in:
            return has_any_operand(condition, document);
        case Operator::not_equal:
            return !has_any_operand(condition, document);
        case Operator::contains:
            return contains_text(condition, document);
        case Operator::missing:
            return !is_present(condition, document);
        case Operator::present:
            return is_present(condition, document);
        default:
            return any_value(condition, document, [&](const Value& value) {
                return is_in_order(condition.oper, value, condition.operands);
            });
    }
}

bool passes(const Filter& filter, const Document& document, const Related& related);

// Whether some document that the reference leads to passes.
bool has_related(const Filter& filter, const Document& document, const Related& related) {
    const Value* value = document.find(filter.reference.attr);
    return value && itself_or_element(*value, [&](const Value& id) {
               if (!id.is_string()) return false;
               const Document* other = related.find(filter.reference.collection, id.string());
               return other && passes(filter.children.front(), *other, related);
           });
}

bool passes(const Filter& filter, const Document& document, const Related& related) {
    const auto child_passes = [&](const Filter& child) { return passes(child, document, related); };
    switch (filter.kind) {
        case Filter::Kind::all:
            return std::ranges::all_of(filter.children, child_passes);
        case Filter::Kind::any:
            return std::ranges::any_of(filter.children, child_passes);
        case Filter::Kind::none:
            return std::ranges::none_of(filter.children, child_passes);
        case Filter::Kind::condition:
            return holds(filter.condition, document);
        case Filter::Kind::related:
            return has_related(filter, document, related);
    }
    return false;
}

class NoRelated final : public Related {
public:
    const Document* find(const std::string&, const std::string&) const override { return nullptr; }
};

}  // namespace

const Related& no_related() {
    static const NoRelated none;
    return none;
}

struct Matcher::Node {
    const Filter& filter;
    const Related& related;
};

Matcher::Matcher(const Filter& filter, const Related& related) : root_(std::make_unique<Node>(Node{filter, related})) {}
Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

bool Matcher::matches(const Document& document) const {
    return passes(root_->filter, document, root_->related);
}

}  // namespace limp::query
