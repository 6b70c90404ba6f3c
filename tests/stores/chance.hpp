// What tests at random are made of: documents, declarations, filters, orders, queries and changes of people, who live
// in towns. Few values, so that they meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "limp/query.hpp"
#include "limp/store.hpp"
#include "query/matcher.hpp"
#include "store_test.hpp"

namespace limp::store {

// For people, when the stores differ.
std::string text_of(const Filter& filter);
std::string text_of(const Query& query);

class Chance {
public:
    using Holds = Collection::Column::Holds;
    using Operator = Condition::Operator;

    enum class Fitting { always, mostly };

    Chance(unsigned seed, Fitting fitting) : random_(seed), fitting_(fitting) {}

    std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }
    bool one_in(std::size_t count) { return below(count) == 0; }
    const auto& one_of(const auto& values) { return values[below(std::size(values))]; }

    Value text() {
        static const std::string nul("a\0b", 3);
        static const std::vector<std::string> texts = {
            "", "a", "A", "ab", "a\0b", nul, std::string(1, '\0'), "b", "12", "1", "é", "É", "😀", "\uFFFF", "[", "\\"
        };
        return one_of(texts);
    }

    Value number() {
        constexpr std::int64_t past_double = (std::int64_t{1} << 53) + 1;
        static const std::vector<Value> numbers = {
            0,
            -0.0,
            1,
            1.0,
            1.5,
            -1,
            12,
            past_double,
            past_double - 1,
            9007199254740992.0,
            std::numeric_limits<std::int64_t>::max(),
            std::numeric_limits<std::int64_t>::min(),
            9223372036854775808.0,
            -9223372036854775808.0,
            1e300,
            -1e300,
            5e-324
        };
        return one_of(numbers);
    }

    Value scalar() {
        switch (below(8)) {
            case 0:
                return nullptr;
            case 1:
                return one_in(2);
            case 2:
            case 3:
            case 4:
                return number();
            default:
                return text();
        }
    }

    Value anything(int depth = 0) {
        if (depth == 2 || !one_in(4)) return scalar();
        if (one_in(2)) return Object{{"x", anything(depth + 1)}, {"town", anything(depth + 1)}};
        return list([&] { return anything(depth + 1); });
    }

    Value list(auto element) {
        List list;
        for (std::size_t count = below(4); count > 0; --count) list.push_back(element());
        return list;
    }

    Value of(Holds holds) {
        if (holds == Holds::text) return text();
        if (holds == Holds::boolean) return one_in(2);
        return number();
    }

    std::string town() { return id(static_cast<int>(1 + below(14))); }
    std::string someone() { return id(static_cast<int>(below(45))); }

    // A reference, mostly to a document that is there.
    Value reference(const std::string& attr) {
        if (one_in(10)) return text();
        return attr == "friend" || attr == "people" ? someone() : town();
    }

    bool is_reference(const std::string& attr) {
        return attr == "home" || attr == "homes" || attr == "friend" || attr == "in" || attr == "people";
    }

    Value stored(const Collection::Column& column) {
        if (one_in(12)) return nullptr;
        if (is_reference(column.attr) && !one_in(12))
            return column.is_list ? list([&] { return reference(column.attr); }) : reference(column.attr);
        if (fitting_ == Fitting::mostly && one_in(12)) return anything();
        return column.is_list ? list([&] { return of(column.holds); }) : of(column.holds);
    }

    // Some of the attrs; the values are what the columns hold, at least mostly.
    Document attrs(const Collection& collection) {
        Document attrs;
        for (const Collection::Column& column : collection.columns)
            if (!one_in(5)) attrs.append(column.attr, stored(column));
        for (const char* name : {"free", "place"})
            if (!attrs.contains(name) && !one_in(3)) attrs.append(name, anything());
        if (!attrs.contains("about") && !one_in(4)) attrs.append("about", about());
        if (!attrs.contains("spot") && !one_in(4)) attrs.append("spot", one_in(10) ? anything() : point());
        return attrs;
    }

    std::string word() {
        static const std::vector<std::string> words = {"Sea",   "sea",    "seaside", "École", "ecole", "e",
                                                       "ÉCOLE", "بيت",    "بَيْت",     "البيت", "12",    "AND",
                                                       "NEAR",  "a_b",    "\"x\"",   "*",     "😀",    "ﬁsh",
                                                       "fish",  "Straße", "strasse"};
        return one_of(words);
    }

    Value prose() {
        std::string text;
        for (std::size_t count = below(5); count > 0; --count) text += word() + (one_in(3) ? ", " : " ");
        return text;
    }

    // A text, a locale, or a list of them.
    Value about() {
        if (one_in(3)) return Object{{"en_AE", prose()}, {"ar_AE", prose()}};
        if (one_in(3)) return list([&] { return prose(); });
        return prose();
    }

    double longitude() {
        static const std::vector<double> values = {-180, -179.95, -90, 0, 0.001, 12.5, 58.4, 90, 179.95, 180};
        return one_of(values);
    }
    double latitude() {
        static const std::vector<double> values = {-90, -89.99, -45, 0, 0.001, 23.6, 23.61, 60, 89.99, 90};
        return one_of(values);
    }

    // Some of them beyond the globe, and some whole numbers.
    Value point() {
        List coordinates = {longitude(), latitude()};
        if (one_in(10)) coordinates[0] = one_in(2) ? Value(200.5) : Value(12);
        if (one_in(20)) coordinates[1] = -95.0;
        return Object{{"type", "Point"}, {"coordinates", std::move(coordinates)}};
    }

    Search search() {
        Search search;
        for (const char* attr : {"about", "name", "free"})
            if (one_in(2)) search.attrs.emplace_back(attr);
        for (std::size_t count = below(3); count > 0; --count)
            for (std::string& one : query::words_of(word())) search.words.push_back(std::move(one));
        if (search.words.empty() && !one_in(20)) search.words.emplace_back("sea");
        search.last_begins = !search.words.empty() && one_in(2);
        if (search.last_begins && one_in(2) && search.words.back().front() < 'z')
            search.words.back() = search.words.back().substr(0, 1);
        return search;
    }

    Near near() {
        static const std::vector<double> reaches = {0, 1, 150, 1'000, 12'000, 2'500'000, 9'000'000, 15'000'000, 1e9};
        Near near{"spot", longitude(), latitude(), std::nullopt};
        if (!one_in(4)) near.within = one_of(reaches);
        return near;
    }

    Reference reference_of(bool of_town) {
        static const std::vector<Reference> of_people = {
            {"home", "town"}, {"homes", "town"}, {"friend", "person"}, {"free", "town"}, {"home", "nowhere"}
        };
        static const std::vector<Reference> of_towns = {{"in", "town"}, {"people", "person"}};
        return of_town ? one_of(of_towns) : one_of(of_people);
    }

    Facet facet() {
        Facet facet;
        facet.path = path();
        facet.buckets = static_cast<std::int64_t>(1 + below(5));
        facet.filter = one_in(3) ? Filter() : filter();
        return facet;
    }

    AttrPath path() {
        static const std::vector<AttrPath> paths = {
            {"name"},          {"Name"},         {"age"},       {"score"}, {"open"}, {"tags"}, {"marks"}, {"_id"},
            {"email"},         {"nick"},         {"free"},      {"place"}, {"name"}, {"age"},  {"_rev"},  {"free", "x"},
            {"place", "town"}, {"name", "town"}, {"tags", "x"}, {"score"}, {"tags"}, {"home"}, {"homes"}, {"about"},
        };
        return one_of(paths);
    }

    Value operand(const AttrPath& path) {
        if (path.front() == "_id" && !one_in(6)) return id(static_cast<int>(below(45)));
        if (is_reference(path.front()) && !one_in(6)) return reference(path.front());
        if (path.front() == "email" || path.front() == "nick") return unique_text();
        return one_in(8) ? anything() : scalar();
    }

    std::string unique_text() {
        const char letters[] = {static_cast<char>((one_in(2) ? 'a' : 'A') + static_cast<char>(below(26))), '\0'};
        return letters;
    }

    Condition condition() {
        static const std::vector<std::string> patterns = {"a", "^a", "b$", "(?i)A", ".", "^$", "[0-9]+", "^00", "("};
        Condition condition;
        condition.path = path();
        condition.any_child = one_in(condition.path.front() == "place" ? 2 : 30);
        condition.oper = static_cast<Operator>(below(static_cast<std::size_t>(Operator::present) + 1));
        const std::size_t count = condition.oper == Operator::in        ? below(5)
                                  : condition.oper == Operator::between ? 2
                                                                        : 1;
        for (std::size_t place = 0; place < count; ++place) condition.operands.push_back(operand(condition.path));
        if (condition.oper == Operator::contains) condition.operands = {text()};
        if (condition.oper == Operator::pattern) condition.operands = {one_of(patterns)};
        return condition;
    }

    Filter filter(int depth = 0, bool of_town = false) {
        if (depth == 4 || one_in(2)) return Filter::of(condition());
        if (one_in(4)) {
            const Reference reference = reference_of(of_town);
            const bool to_town = reference.collection != "person";
            return Filter::related(reference, one_in(5) ? Filter() : filter(depth + 1, to_town));
        }
        Filter group;
        group.kind = static_cast<Filter::Kind>(below(3));
        for (std::size_t count = below(4); count > 0; --count) group.children.push_back(filter(depth + 1, of_town));
        return group;
    }

    SortKey sort_key() {
        SortKey key{path(), one_in(2)};
        bool of_town = false;
        for (std::size_t hops = one_in(3) ? 1 + below(2) : 0; hops > 0; --hops) {
            const Reference reference = reference_of(of_town);
            of_town = reference.collection != "person";
            key.hops.push_back({reference, one_in(2) ? Filter() : filter(2, of_town)});
        }
        return key;
    }

    std::vector<SortKey> sort() {
        std::vector<SortKey> sort;
        for (std::size_t count = below(3); count > 0; --count) sort.push_back(sort_key());
        return sort;
    }

    // Wherever it is, between the documents or beside them.
    std::vector<Value> place(std::size_t keys) {
        std::vector<Value> place;
        for (; keys > 0; --keys) place.push_back(scalar());
        place.emplace_back(someone());
        return place;
    }

    Query query() {
        static const std::vector<std::int64_t> counts = {Query::to_the_last, Query::to_the_last, 0, 1, 3, 10, 1'000};
        Query query;
        query.filter = one_in(8) ? Filter() : filter();
        query.sort = sort();
        query.skip = one_in(2) ? 0 : static_cast<std::int64_t>(below(6));
        query.limit = one_in(2) ? 0 : static_cast<std::int64_t>(1 + below(8));
        query.count_to = one_of(counts);
        query.deleted = one_in(10);
        if (one_in(6))
            query.search = search();
        else if (one_in(8))
            query.near = near();
        for (std::size_t count = one_in(4) ? 1 + below(2) : 0; count > 0; --count) query.facets.push_back(facet());
        const bool is_sorted = !query.sort.empty() || (!query.search && !query.near);
        if (is_sorted && one_in(8)) query.after = place(query.sort.size());
        return query;
    }

    Change change(const Collection& collection) {
        Change change = one_in(4) ? soft_delete(filter()) : one_in(3) ? hard_delete(filter()) : update(filter(), {});
        if (change.kind == Change::Kind::update) change.set = attrs(collection);
        change.sort = sort();
        change.skip = static_cast<std::int64_t>(below(2));
        change.limit = static_cast<std::int64_t>(1 + below(4));
        return change;
    }

    Collection declaration() {
        const std::vector<Collection::Column> columns = {
            {"name", Holds::text},          {"Name", Holds::text},    {"age", Holds::integer},
            {"score", Holds::number},       {"open", Holds::boolean}, {"tags", Holds::text, true},
            {"marks", Holds::number, true}, {"email", Holds::text},   {"home", Holds::text},
            {"homes", Holds::text, true},   {"friend", Holds::text},
        };
        const std::vector<std::vector<std::string>> indexes = {
            {"name"},        {"Name", "age"}, {"age", "score"}, {"open", "age"}, {"tags"},          {"email"},
            {"name", "_id"}, {"_id"},         {"home"},         {"homes"},       {"friend", "age"},
        };
        Collection declared = collection("person", {{"email"}, {"nick"}}, {"email"});
        declared.columns = columns;
        for (const std::vector<std::string>& index : indexes)
            if (!one_in(3)) declared.indexes.push_back(index);
        for (const char* attr : {"about", "name", "free"})
            if (!one_in(3)) declared.searched.emplace_back(attr);
        if (!one_in(4)) declared.points = {"spot"};
        return declared;
    }

    Collection town_declaration() {
        Collection declared = collection("town");
        declared.columns = {
            {"name", Holds::text}, {"age", Holds::integer}, {"in", Holds::text}, {"people", Holds::text, true}
        };
        for (const char* attr : {"name", "in", "people"})
            if (!one_in(3)) declared.indexes.push_back({attr});
        return declared;
    }

private:
    std::mt19937 random_;
    Fitting fitting_;
};

}  // namespace limp::store
