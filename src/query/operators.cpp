#include "query/operators.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "query/reading.hpp"
#include "types/wording.hpp"

namespace limp::query {

Oper find_operator(std::string_view name) {
    using Operator = Condition::Operator;
    using Kind = Oper::Kind;
    constexpr std::array<std::pair<std::string_view, Oper>, 12> operators = {{
        {"$eq", {Kind::condition, Operator::equal}},
        {"$ne", {Kind::condition, Operator::not_equal}},
        {"$not", {Kind::condition, Operator::not_equal}},
        {"$gt", {Kind::condition, Operator::greater}},
        {"$gte", {Kind::condition, Operator::greater_equal}},
        {"$lt", {Kind::condition, Operator::less}},
        {"$lte", {Kind::condition, Operator::less_equal}},
        {"$bet", {Kind::condition, Operator::between}},
        {"$in", {Kind::condition, Operator::in}},
        {"$nin", {Kind::not_in, Operator::in}},
        {"$all", {Kind::all, Operator::equal}},
        {"$regex", {Kind::condition, Operator::pattern}},
    }};
    std::vector<std::string> known;
    for (const auto& [one, oper] : operators) {
        if (one == name) return oper;
        known.emplace_back(one);
    }
    refuse(
        "There is no operator " + base::in_quotes(name) + base::did_you_mean(name, known) + "; there are " +
        base::join(known, ", ") + "."
    );
}

}  // namespace limp::query
