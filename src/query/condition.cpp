#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "query/operators.hpp"
#include "query/pattern.hpp"
#include "query/place.hpp"
#include "query/reading.hpp"
#include "query/variables.hpp"
#include "types/wording.hpp"

namespace limp::query {

namespace {

using Kind = Type::Kind;
using Operator = Condition::Operator;

Kind element_kind(const Type& type) {
    return type.kind == Kind::list ? element_kind(type.element.front()) : type.kind;
}

// Makes the condition that one comparison asks for.
class ConditionReader {
public:
    ConditionReader(std::string_view key, const Comparison& comparison, const Parsing& parsing)
        : key_(key),
          comparison_(comparison),
          parsing_(parsing),
          place_(find_place(key, parsing)),
          kind_(element_kind(place_.type)),
          oper_(find_operator(comparison.oper)) {}

    Filter read() const {
        check_parts();
        const Value& val = *comparison_.val;
        if (val.is_null()) return read_null();
        if (!comparison_.strict) return reached(leaf(Operator::contains, {read_text(val)}));
        if (parsing_.variables && val == Value("$__access") && place_.type.kind == Kind::access)
            return reached(read_access());
        switch (oper_.kind) {
            case Oper::Kind::all:
                return reached(read_all(val));
            case Oper::Kind::not_in:
                return Filter::none_of({reached(leaf(Operator::in, read_values(val)))});
            case Oper::Kind::condition:
                return read_condition(val);
        }
        return {};
    }

private:
    Filter read_condition(const Value& val) const {
        switch (oper_.condition) {
            case Operator::equal:
                return reached(read_equal(val));
            case Operator::not_equal:
                // What has no such reference is not equal either.
                return place_.hops.empty() ? read_unequal(val) : Filter::none_of({reached(read_equal(val))});
            case Operator::in:
                return reached(leaf(Operator::in, read_values(val)));
            case Operator::between:
                return reached(leaf(Operator::between, {read_bound(val), read_bound(*comparison_.val2)}));
            case Operator::pattern:
                return reached(leaf(Operator::pattern, {read_pattern(val)}));
            default:
                return reached(leaf(oper_.condition, {read_bound(val)}));
        }
    }

    // Holds where some document at the end of the references passes.
    Filter reached(Filter filter) const {
        for (const SortKey::Hop& hop : place_.hops | std::views::reverse) {
            Filter passed = hop.passed;
            passed.narrow(std::move(filter));
            filter = Filter::related(hop.reference, std::move(passed));
        }
        return filter;
    }

    [[noreturn]] void refuse_here(const std::string& predicate) const {
        refuse("In the query, " + base::in_quotes(key_) + " " + predicate + ".");
    }

    bool is(Operator oper) const { return oper_.kind == Oper::Kind::condition && oper_.condition == oper; }

    void check_parts() const {
        if (is(Operator::between) != (comparison_.val2 != nullptr))
            refuse_here("must have val2 with $bet, and only then");
        if (!comparison_.strict && !is(Operator::equal)) refuse_here("must not have an operator with strict: false");
    }

    Filter leaf(Operator oper, std::vector<Value> operands) const {
        Condition condition;
        condition.path = place_.path;
        condition.oper = oper;
        condition.operands = std::move(operands);
        const bool asks_for_value = oper != Operator::missing && oper != Operator::present;
        condition.any_child = asks_for_value && (kind_ == Kind::locale || kind_ == Kind::object);
        return Filter::of(std::move(condition));
    }

    Filter read_null() const {
        if (is(Operator::not_equal)) return reached(leaf(Operator::present, {}));
        if (is(Operator::equal))
            return place_.hops.empty() ? leaf(Operator::missing, {})
                                       : Filter::none_of({reached(leaf(Operator::present, {}))});
        refuse_here("must not be null with " + std::string(comparison_.oper) + "; null asks for what is missing");
    }

    Value read_operand(const Value& value) const {
        if (parsing_.variables && is_variable(value)) {
            check_variable(value.string());
            return value;
        }
        try {
            return types::convert_operand(place_.type, value, parsing_.types);
        } catch (const types::TypeError& error) {
            refuse_here(error.what());
        }
    }

    // An operand of what has an order.
    Value read_bound(const Value& value) const {
        Value operand = read_operand(value);
        if (operand.is_number() || operand.is_string()) return operand;
        refuse_here("has no order: " + std::string(comparison_.oper) + " compares numbers, texts and times");
    }

    void check_has_text(const char* what) const {
        switch (kind_) {
            case Kind::any:
            case Kind::str:
            case Kind::email:
            case Kind::phone:
            case Kind::uri_web:
            case Kind::ip:
            case Kind::locale:
            case Kind::locales:
            case Kind::object:
            case Kind::choice:
            case Kind::counter:
            case Kind::any_of:
                break;
            default:
                refuse_here(std::string("is no text, so ") + what + " has no meaning");
        }
    }

    Value read_text(const Value& value) const {
        check_has_text("strict: false");
        if (!value.is_string()) refuse_here("must be compared with a text when strict is false");
        if (parsing_.variables && is_variable(value)) check_variable(value.string());
        return value;
    }

    Value read_pattern(const Value& value) const {
        check_has_text("$regex");
        if (!value.is_string()) refuse_here("must be compared with a text by $regex");
        if (value.string().size() > parsing_.limits.pattern)
            refuse_here("must have a $regex of " + std::to_string(parsing_.limits.pattern) + " bytes at most");
        const auto pattern = compile_pattern(value.string());
        if (!pattern->ok()) refuse_here("has a $regex that is no expression: " + pattern->error());
        return value;
    }

    std::vector<Value> read_values(const Value& value) const {
        if (parsing_.variables && is_variable(value)) return {read_operand(value)};
        if (!value.is_list()) refuse_here("must be a list of values with " + std::string(comparison_.oper));
        if (value.list().size() > parsing_.limits.in_values)
            refuse_here("must be compared with " + std::to_string(parsing_.limits.in_values) + " values at most");
        std::vector<Value> operands;
        for (const Value& one : value.list()) operands.push_back(read_operand(one));
        return operands;
    }

    // Whether the value names any of several: ids in a list do.
    bool means_any_of(const Value& value) const {
        return kind_ == Kind::id && (value.is_list() || (parsing_.variables && is_user_path(value)));
    }

    Filter read_all(const Value& value) const {
        if (place_.type.kind != Kind::list && !place_.through_list) refuse_here("is no list, so $all has no meaning");
        std::vector<Filter> all;
        for (Value& operand : read_values(value)) all.push_back(leaf(Operator::equal, {std::move(operand)}));
        if (all.empty()) refuse_here("must be compared with at least one value by $all");
        return all_of(std::move(all));
    }

    Filter read_unequal(const Value& value) const {
        if (means_any_of(value)) return Filter::none_of({read_equal(value)});
        Filter filter = read_equal(value);
        filter.condition.oper = Operator::not_equal;
        return filter;
    }

    Filter read_equal(const Value& value) const {
        if (means_any_of(value)) return leaf(Operator::in, read_values(value));
        if (!value.is_list()) return leaf(Operator::equal, {read_operand(value)});
        const bool has_whole_lists = place_.type.kind == Kind::list && kind_ != Kind::locale && kind_ != Kind::object;
        if (!has_whole_lists) refuse_here("must be compared with one value, or with a list by $in");
        return leaf(Operator::equal, {Value(read_values(value))});  // one operand, the list itself
    }

    // The document's own user, anybody when it is open to all, and whom it names.
    Filter read_access() const {
        if (!is(Operator::equal)) refuse_here("must be equal to \"$__access\", without an operator");
        const auto part = [&](const char* name, Operator oper, Value operand) {
            Condition condition;
            condition.path = place_.path;
            condition.path.emplace_back(name);
            condition.oper = oper;
            condition.operands.push_back(std::move(operand));
            return Filter::of(std::move(condition));
        };
        std::vector<Filter> any;
        if (place_.module->attr("user")) any.push_back(Filter::equal("user", "$__user"));
        any.push_back(part("anon", Operator::equal, true));
        any.push_back(part("users", Operator::equal, "$__user"));
        any.push_back(part("groups", Operator::in, "$__user.groups"));
        return Filter::any_of(std::move(any));
    }

    std::string_view key_;
    const Comparison& comparison_;
    const Parsing& parsing_;
    Place place_;
    Kind kind_;
    Oper oper_;
};

}  // namespace

Filter read_comparison(std::string_view key, const Comparison& comparison, const Parsing& parsing) {
    return ConditionReader(key, comparison, parsing).read();
}

}  // namespace limp::query
