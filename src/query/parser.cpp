#include "query/parser.hpp"

#include <utility>

#include "limp/refusal.hpp"
#include "query/reading.hpp"
#include "types/wording.hpp"

namespace limp::query {

void refuse(const std::string& message) {
    throw Refusal(400, "CORE_QUERY_INVALID", message);
}

void Reading::count_node() {
    if (++nodes > parsing.limits.nodes)
        refuse("The query has more than " + std::to_string(parsing.limits.nodes) + " conditions and groups.");
}

Filter all_of(std::vector<Filter> filters) {
    if (filters.size() == 1) return std::move(filters.front());
    return Filter::all_of(std::move(filters));
}

Query parse(const Value& query, const Parsing& parsing) {
    Reading reading{parsing, {}, {}};
    if (query.is_list()) reading.query.count_to = parsing.limits.count_to;
    if (query.is_object())
        reading.query.filter = read_object_form(query.object(), reading);
    else if (query.is_list())
        reading.query.filter = read_list_form(query.list(), reading);
    else
        refuse("The query must be an object or a list of steps; it is " + std::string(types::said(query)) + ".");
    finish(reading);
    return std::move(reading.query);
}

}  // namespace limp::query
