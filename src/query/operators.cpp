#include "query/operators.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "query/reading.hpp"
#include "types/wording.hpp"

namespace limp::query {

Condition::Operator find_operator(std::string_view name) {
    using Operator = Condition::Operator;
    constexpr std::array<std::pair<std::string_view, Operator>, 9> operators = {{
        {"$eq", Operator::equal},
        {"$ne", Operator::not_equal},
        {"$not", Operator::not_equal},
        {"$gt", Operator::greater},
        {"$gte", Operator::greater_equal},
        {"$lt", Operator::less},
        {"$lte", Operator::less_equal},
        {"$bet", Operator::between},
        {"$in", Operator::in},
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
