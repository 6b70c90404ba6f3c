#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "query/operators.hpp"
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
        if (!comparison_.strict) return leaf(Operator::contains, {read_text(val)});
        if (parsing_.variables && val == Value("$__access") && place_.type.kind == Kind::access) return read_access();
        switch (oper_) {
            case Operator::equal:
            case Operator::not_equal:
                return read_equal(val);
            case Operator::in:
                return leaf(Operator::in, read_values(val));
            case Operator::between:
                return leaf(oper_, {read_bound(val), read_bound(*comparison_.val2)});
            default:
                return leaf(oper_, {read_bound(val)});
        }
    }

private:
    [[noreturn]] void refuse_here(const std::string& predicate) const {
        refuse("In the query, " + base::in_quotes(key_) + " " + predicate + ".");
    }

    void check_parts() const {
        if ((oper_ == Operator::between) != (comparison_.val2 != nullptr))
            refuse_here("must have val2 with $bet, and only then");
        if (!comparison_.strict && oper_ != Operator::equal)
            refuse_here("must not have an operator with strict: false");
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
        if (oper_ == Operator::equal) return leaf(Operator::missing, {});
        if (oper_ == Operator::not_equal) return leaf(Operator::present, {});
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

    Value read_text(const Value& value) const {
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
                break;
            default:
                refuse_here("is no text, so strict: false has no meaning");
        }
        if (!value.is_string()) refuse_here("must be compared with a text when strict is false");
        if (parsing_.variables && is_variable(value)) check_variable(value.string());
        return value;
    }

    std::vector<Value> read_values(const Value& value) const {
        if (parsing_.variables && is_variable(value)) return {read_operand(value)};
        if (!value.is_list()) refuse_here("must be a list of values with $in");
        if (value.list().size() > parsing_.limits.in_values)
            refuse_here("must be compared with " + std::to_string(parsing_.limits.in_values) + " values at most");
        std::vector<Value> operands;
        for (const Value& one : value.list()) operands.push_back(read_operand(one));
        return operands;
    }

    Filter read_equal(const Value& value) const {
        if (kind_ == Kind::id && (value.is_list() || (parsing_.variables && is_user_path(value)))) {
            Filter any = leaf(Operator::in, read_values(value));
            return oper_ == Operator::equal ? any : none_of(std::move(any));
        }
        if (!value.is_list()) return leaf(oper_, {read_operand(value)});
        const bool has_whole_lists = place_.type.kind == Kind::list && kind_ != Kind::locale && kind_ != Kind::object;
        if (!has_whole_lists) refuse_here("must be compared with one value, or with a list by $in");
        return leaf(oper_, {Value(read_values(value))});  // one operand, the list itself
    }

    static Filter none_of(Filter filter) {
        Filter none;
        none.kind = Filter::Kind::none;
        none.children.push_back(std::move(filter));
        return none;
    }

    // The document's own user, anybody when it is open to all, and whom it names.
    Filter read_access() const {
        if (oper_ != Operator::equal) refuse_here("must be equal to \"$__access\", without an operator");
        const auto part = [&](const char* name, Operator oper, Value operand) {
            Condition condition;
            condition.path = place_.path;
            condition.path.emplace_back(name);
            condition.oper = oper;
            condition.operands.push_back(std::move(operand));
            return Filter::of(std::move(condition));
        };
        std::vector<Filter> any;
        if (parsing_.module.attr("user")) any.push_back(Filter::equal("user", "$__user"));
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
    Operator oper_;
};

}  // namespace

Filter read_comparison(std::string_view key, const Comparison& comparison, const Parsing& parsing) {
    return ConditionReader(key, comparison, parsing).read();
}

}  // namespace limp::query
