// Any JSON as a query, of either form; in a second line a document that is held against it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "base/text.hpp"
#include "fuzz/must.hpp"
#include "query/matcher.hpp"
#include "query/test_module.hpp"

namespace limp::query {
namespace {

using fuzz::must;

std::optional<Value> json(std::string_view text) {
    try {
        return base::parse_json(text);
    } catch (const base::JsonError&) {
        return std::nullopt;
    }
}

std::optional<Query> parse_any(const Value& value) {
    static const Asker asker;
    try {
        return asker.parse(value);
    } catch (const Refusal& refusal) {
        must(refusal.status() == 400 && refusal.code() == "CORE_QUERY_INVALID", "a wrong query is refused as such");
        must(base::is_utf8(refusal.message()), "a refusal can be sent");
        return std::nullopt;
    }
}

Filter negated(const Filter& filter) {
    Filter none;
    none.kind = Filter::Kind::none;
    none.children.push_back(filter);
    return none;
}

void check(const Query& query, const Document& document) {
    const bool is_match = Matcher(query.filter).matches(document);
    const Filter opposite = negated(query.filter);
    must(Matcher(opposite).matches(document) != is_match, "a filter or its opposite matches");
    const std::vector<Value> place = place_of(query.sort, document);
    must(!comes_before(query.sort, place, place), "no document comes before itself");
}

}  // namespace
}  // namespace limp::query

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace limp;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = std::min(input.find('\n'), input.size());
    const auto value = query::json(input.substr(0, line));
    const auto document = query::json(input.substr(line));
    if (!value) return 0;
    const auto query = query::parse_any(*value);
    if (query && document && document->is_object()) query::check(*query, document->object());
    return 0;
}
