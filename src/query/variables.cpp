#include "query/variables.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "base/time.hpp"
#include "query/reading.hpp"
#include "types/wording.hpp"

namespace limp::query {

namespace {

constexpr std::string_view user_path = "$__user.";

// The value that a variable stands for; null when the user has none.
Value value_of(std::string_view name, const Variables& variables) {
    if (name == "$__time") return base::time_text(variables.now_ms);
    const bool has_path = name.starts_with(user_path);
    const std::string path = has_path ? std::string(name.substr(user_path.size())) : "_id";
    const Object* at = &variables.user;
    const Value* found = nullptr;
    for (const std::string& segment : base::split(path, '.')) {
        found = at ? at->find(segment) : nullptr;
        if (!found) return nullptr;
        at = found->is_object() ? &found->object() : nullptr;
    }
    return *found;
}

bool is_resolvable(const Value& value) {
    return value.is_string() && (value.string() == "$__user" || value.string() == "$__time" || is_user_path(value));
}

bool is_scalar(const Value& value) {
    return value.is_bool() || value.is_number() || value.is_string();
}

// Whether a variable's value can be what that operator compares with.
bool is_operand(const Value& value, Condition::Operator oper) {
    using Operator = Condition::Operator;
    if (oper == Operator::contains || oper == Operator::pattern) return value.is_string();
    if (!value.is_list()) return is_scalar(value);
    const bool takes_list = oper == Operator::in || oper == Operator::equal || oper == Operator::not_equal;
    return takes_list && std::ranges::all_of(value.list(), is_scalar);
}

// Nothing when a variable in it stands for nothing that it could compare with: then the condition holds for no
// document.
std::optional<Condition> resolve_condition(const Condition& condition, const Variables& variables) {
    Condition resolved = condition;
    resolved.operands.clear();
    for (const Value& operand : condition.operands) {
        if (!is_resolvable(operand)) {
            resolved.operands.push_back(operand);
            continue;
        }
        Value value = value_of(operand.string(), variables);
        if (!is_operand(value, condition.oper)) return std::nullopt;
        if (value.is_list() && condition.oper == Condition::Operator::in)
            std::ranges::move(value.list(), std::back_inserter(resolved.operands));
        else
            resolved.operands.push_back(std::move(value));
    }
    return resolved;
}

// Nothing when it can hold for no document. "None of" must not turn that into every document: a permission that speaks
// of an attr the user lacks grants nothing.
std::optional<Filter> resolve_filter(const Filter& filter, const Variables& variables) {
    if (filter.kind == Filter::Kind::condition) {
        auto condition = resolve_condition(filter.condition, variables);
        if (!condition) return std::nullopt;
        return Filter::of(*std::move(condition));
    }
    Filter resolved;
    resolved.kind = filter.kind;
    resolved.reference = filter.reference;
    for (const Filter& child : filter.children) {
        auto one = resolve_filter(child, variables);
        if (one)
            resolved.children.push_back(*std::move(one));
        else if (filter.kind != Filter::Kind::any)
            return std::nullopt;
    }
    if (resolved.children.empty() && !filter.children.empty()) return std::nullopt;
    return resolved;
}

}  // namespace

bool is_variable(const Value& value) {
    return value.is_string() && value.string().starts_with("$__");
}

bool is_user_path(const Value& value) {
    return value.is_string() && value.string().starts_with(user_path) && value.string().size() > user_path.size();
}

void check_variable(std::string_view name) {
    if (is_resolvable(name)) return;
    static const std::vector<std::string> known = {"$__user", "$__time", "$__access"};
    if (name == "$__access") refuse("\"$__access\" stands for a whole condition, on an attr of type access.");
    refuse(
        "There is no variable " + base::in_quotes(name) + base::did_you_mean(name, known) +
        "; there are $__user, $__user.<attr>, $__time, and $__access on an attr of type access."
    );
}

Filter resolve(const Filter& filter, const Variables& variables) {
    return resolve_filter(filter, variables).value_or(Filter::nothing());
}

Value resolve(const Value& value, const Variables& variables) {
    if (is_resolvable(value)) return value_of(value.string(), variables);
    Value resolved = value;
    if (resolved.is_list())
        for (Value& element : resolved.list()) element = resolve(element, variables);
    if (resolved.is_object())
        for (Member& member : resolved.object()) member.value = resolve(member.value, variables);
    return resolved;
}

}  // namespace limp::query
