// Any JSON as a query, of either form; in a second line a document that is held against it, in a third the document
// that all its references lead to.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <numbers>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "fuzz/must.hpp"
#include "query/cursor.hpp"
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

// One document under every id.
class Other final : public Related {
public:
    explicit Other(const std::optional<Value>& document) {
        if (document && document->is_object()) document_ = std::make_shared<const Document>(document->object());
    }
    std::shared_ptr<const Document> find(const std::string&, const std::string&) const override { return document_; }

private:
    std::shared_ptr<const Document> document_;
};

// A blog has a user and categories, which have a user too; what a caller may read of users has a condition.
struct Blogs {
    Module user;
    Module category;
    Asker asker;

    Blogs() {
        const auto attr = [](const char* name, const char* type) {
            return Attr{name, types::parse_type(base::parse_json(type)), true, {}};
        };
        user.name = "user";
        user.collection = "users";
        user.attrs = {attr("name", R"("str")"), attr("age", R"("int")"), attr("phone", R"("phone")")};
        category.name = "blog_cat";
        category.collection = "blog_cats";
        category.attrs = {attr("title", R"("locale")"), attr("owner", R"("id")"), attr("over", R"("id")")};
        category.extns = {{"owner", "user", {}, false}, {"over", "blog_cat", {}, false}};
        asker.hidden = {"secret"};
        asker.target = [this](std::string_view name) -> std::optional<Target> {
            if (name == "user") return Target{user, of_age(), {"phone"}};
            if (name == "blog_cat") return Target{category, {}, {}};
            return std::nullopt;
        };
    }

    static Filter of_age() {
        Condition condition;
        condition.path = {"age"};
        condition.oper = Condition::Operator::greater_equal;
        condition.operands = {Value(18)};
        return Filter::of(std::move(condition));
    }
};

std::optional<Query> parse_any(const Value& value) {
    static const Blogs blogs;
    try {
        return blogs.asker.parse(value);
    } catch (const Refusal& refusal) {
        must(refusal.status() == 400 && refusal.code() == "CORE_QUERY_INVALID", "a wrong query is refused as such");
        must(base::is_utf8(refusal.message()), "a refusal can be sent");
        return std::nullopt;
    }
}

bool names_hidden(const Query& query) {
    const auto is_hidden = [](const std::string& attr) { return attr == "secret"; };
    return (query.search && std::ranges::any_of(query.search->attrs, is_hidden)) ||
           std::ranges::any_of(query.attrs, is_hidden) ||
           std::ranges::any_of(query.facets, [&](const Facet& facet) { return is_hidden(facet.path.front()); });
}

void check_query(const Query& query) {
    must(!names_hidden(query), "what is hidden is not searched, shown or counted");
    must(!(query.search && query.near), "one order of its own is enough");
    must(query.skip >= 0 && query.limit >= 0, "documents are counted from 0");
    if (!query.after.empty()) {
        must(query.after.size() == query.sort.size() + 1, "a place has a value for each key, and an id");
        must(query.skip == 0, "one goes on from a place, or skips");
        must(
            read_cursor(write_cursor(query.after), query.sort) == query.after, "a place that was read is one to write"
        );
    }
}

void check_filter(const Filter& filter, const Document& document, const Related& related) {
    const bool is_match = Matcher(filter, related).matches(document);
    const Filter opposite = Filter::none_of({filter});
    must(Matcher(opposite, related).matches(document) != is_match, "a filter or its opposite matches");
}

void check_order(const Query& query, const Document& document, const Related& related) {
    const std::vector<Value> place = place_of(query.sort, document, related);
    must(!comes_before(query.sort, place, place), "no document comes before itself");
    if (!query.after.empty())
        must(
            !(comes_before(query.sort, place, query.after) && comes_before(query.sort, query.after, place)),
            "a place is before another or behind it"
        );
    if (!place.back().is_string() || !base::is_id(place.back().string())) return;
    const std::vector<Value> again = read_cursor(write_cursor(place), query.sort);
    must(
        !comes_before(query.sort, place, again) && !comes_before(query.sort, again, place),
        "where an answer ended is where the next one begins"
    );
}

void check_search(const Search& search, const Document& document) {
    for (const std::string& word : search.words)
        must(words_of(word) == std::vector{word}, "a folded word is one word, and folded");
    Search of_its_own{search.attrs, {}, false};
    for (const std::string& attr : search.attrs)
        if (const Value* value = document.find(attr); value && value->is_string())
            std::ranges::copy(words_of(value->string()), std::back_inserter(of_its_own.words));
    must(has_words(of_its_own, document), "a document is found by its own words");
    if (!has_words(search, document)) return;
    Search wider = search;
    wider.last_begins = true;
    must(has_words(wider, document), "what has a word has one that begins so");
}

void check_near(const Near& near, const Document& document) {
    constexpr double half_way_round = std::numbers::pi * 6'378'100 + 1;
    const std::optional<double> metres = distance(near, document);
    must(
        !metres || (std::isfinite(*metres) && *metres >= 0 && *metres <= half_way_round), "a distance is on the earth"
    );
}

void check_facet(const Facet& facet, const Document& document) {
    const std::vector<SortKey> ascending = {{{"value"}, false, {}}};
    const auto is_less = [&](const auto& left, const auto& right) {
        return comes_before(ascending, std::vector<Value>{left.first, ""}, std::vector<Value>{right.first, ""});
    };
    std::vector<std::pair<Value, std::int64_t>> counts;
    for (Value& value : facet_values(facet.path, document))
        counts.emplace_back(std::move(value), 1 + std::ssize(counts) % 3);
    std::ranges::sort(counts, is_less);

    const std::vector<Bucket> buckets = buckets_of(counts, facet.buckets);
    must(std::ssize(buckets) <= facet.buckets, "there are no more buckets than were asked for");
    must(std::ssize(counts) > facet.buckets || buckets.size() == counts.size(), "few values have a bucket each");
    std::int64_t left = 0;
    for (const auto& [value, count] : counts) left += count;
    for (const Bucket& bucket : buckets) left -= bucket.count;
    must(left == 0, "each value is in one bucket");
}

void check(const Query& query, const Document& document, const Related& related) {
    check_filter(query.filter, document, related);
    check_order(query, document, related);
    if (query.search) check_search(*query.search, document);
    if (query.near) check_near(*query.near, document);
    for (const Facet& facet : query.facets) {
        check_filter(facet.filter, document, related);
        check_facet(facet, document);
    }
}

}  // namespace
}  // namespace limp::query

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace limp;
    std::vector<std::string> lines = base::split({reinterpret_cast<const char*>(data), size}, '\n');
    lines.resize(std::max<std::size_t>(lines.size(), 3));
    const auto value = query::json(lines[0]);
    const auto query = value ? query::parse_any(*value) : std::nullopt;
    if (!query) return 0;
    query::check_query(*query);
    const auto document = query::json(lines[1]);
    if (document && document->is_object())
        query::check(*query, document->object(), query::Other(query::json(lines[2])));
    return 0;
}
