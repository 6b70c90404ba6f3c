// SQLite against the memory store, whose reads are the matcher itself: documents, filters, orders and changes made at
// random, the same for both, must have the same results. A failure prints the seed of its round.
#include <limits>
#include <random>

#include "base/json.hpp"
#include "store/stores.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

using Holds = Collection::Column::Holds;
using Operator = Condition::Operator;

std::string text_of(const Filter& filter) {
    if (filter.kind != Filter::Kind::condition) {
        std::string text(filter.kind == Filter::Kind::all ? "all" : filter.kind == Filter::Kind::any ? "any" : "none");
        for (const Filter& child : filter.children)
            text += (&child == filter.children.data() ? "(" : ", ") + text_of(child);
        return text + (filter.children.empty() ? "()" : ")");
    }
    const Condition& condition = filter.condition;
    std::string text = condition.any_child ? "child of " : "";
    for (const std::string& part : condition.path) text += part + ".";
    text += " #" + std::to_string(static_cast<int>(condition.oper));
    for (const Value& operand : condition.operands) text += " " + base::to_json(operand);
    return text;
}

std::string text_of(const Query& query) {
    std::string text = text_of(query.filter);
    for (const SortKey& key : query.sort) text += (key.descending ? " -" : " +") + key.path.front();
    return text + " skip " + std::to_string(query.skip) + " limit " + std::to_string(query.limit);
}

// What a round is made of. Few values, so that they meet.
class Chance {
public:
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

    Value stored(const Collection::Column& column) {
        if (one_in(12)) return nullptr;
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
        return attrs;
    }

    AttrPath path() {
        static const std::vector<AttrPath> paths = {
            {"name"}, {"Name"},      {"age"},           {"score"},        {"open"},      {"tags"},  {"marks"},
            {"_id"},  {"email"},     {"nick"},          {"free"},         {"place"},     {"name"},  {"age"},
            {"_rev"}, {"free", "x"}, {"place", "town"}, {"name", "town"}, {"tags", "x"}, {"score"}, {"tags"},
        };
        return one_of(paths);
    }

    Value operand(const AttrPath& path) {
        if (path.front() == "_id" && !one_in(6)) return id(static_cast<int>(below(45)));
        if (path.front() == "email" || path.front() == "nick") return unique_text();
        return one_in(8) ? anything() : scalar();
    }

    std::string unique_text() {
        const char letters[] = {static_cast<char>((one_in(2) ? 'a' : 'A') + static_cast<char>(below(26))), '\0'};
        return letters;
    }

    Condition condition() {
        Condition condition;
        condition.path = path();
        condition.any_child = one_in(condition.path.front() == "place" ? 2 : 30);
        condition.oper = static_cast<Operator>(below(static_cast<std::size_t>(Operator::present) + 1));
        const std::size_t count = condition.oper == Operator::in        ? below(5)
                                  : condition.oper == Operator::between ? 2
                                                                        : 1;
        for (std::size_t place = 0; place < count; ++place) condition.operands.push_back(operand(condition.path));
        if (condition.oper == Operator::contains) condition.operands = {text()};
        return condition;
    }

    Filter filter(int depth = 0) {
        if (depth == 3 || one_in(2)) return Filter::of(condition());
        Filter group;
        group.kind = static_cast<Filter::Kind>(below(3));
        for (std::size_t count = below(4); count > 0; --count) group.children.push_back(filter(depth + 1));
        return group;
    }

    std::vector<SortKey> sort() {
        std::vector<SortKey> sort;
        for (std::size_t count = below(3); count > 0; --count) sort.push_back({path(), one_in(2)});
        return sort;
    }

    Query query() {
        Query query;
        query.filter = filter();
        query.sort = sort();
        query.skip = one_in(2) ? 0 : static_cast<std::int64_t>(below(6));
        query.limit = one_in(2) ? 0 : static_cast<std::int64_t>(1 + below(8));
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
            {"marks", Holds::number, true}, {"email", Holds::text},
        };
        const std::vector<std::vector<std::string>> indexes = {
            {"name"}, {"Name", "age"}, {"age", "score"}, {"open", "age"}, {"tags"}, {"email"}, {"name", "_id"}, {"_id"},
        };
        Collection declared = collection("person", {{"email"}, {"nick"}}, {"email"});
        declared.columns = columns;
        for (const std::vector<std::string>& index : indexes)
            if (!one_in(3)) declared.indexes.push_back(index);
        return declared;
    }

private:
    std::mt19937 random_;
    Fitting fitting_;
};

class Differential : public testing::TestWithParam<Chance::Fitting> {
protected:
    void prepare(const Collection& declared) {
        memory_->prepare({declared});
        sqlite_->prepare({declared});
    }

    void compare(const Query& query) {
        const Found expected = read(*memory_, query);
        const Found found = read(*sqlite_, query);
        ASSERT_EQ(ids(found), ids(expected)) << text_of(query);
        ASSERT_EQ(found.total, expected.total) << text_of(query);
        ASSERT_EQ(found.docs, expected.docs) << text_of(query);
    }

    // The conflict that the change ends with is the same, too.
    void compare(const Change& change) {
        const auto outcome = [&](Store& store) -> std::pair<Changed, std::vector<std::string>> {
            try {
                return {write(store, change), {}};
            } catch (const Conflict& conflict) {
                return {{}, conflict.attrs};
            }
        };
        const auto [expected, expected_conflict] = outcome(*memory_);
        const auto [changed, conflict] = outcome(*sqlite_);
        ASSERT_EQ(changed.matched, expected.matched) << text_of(change.filter);
        ASSERT_EQ(changed.modified, expected.modified) << text_of(change.filter);
        ASSERT_EQ(conflict, expected_conflict) << text_of(change.filter);
        compare(Query());
    }

    void fill(Chance& chance, const Collection& declared) {
        std::vector<Change> changes;
        for (int number = 1; number <= 40; ++number) {
            Document attrs = chance.attrs(declared);
            attrs.erase("email");
            // Each its own; some have lists, in which others' values may stand again.
            const std::string unique(1, static_cast<char>(number % 26 + (number < 26 ? 'a' : 'A')));
            if (number % 7 == 0)
                attrs.append("nick", List{unique, chance.unique_text()});
            else if (number < 26)
                attrs.append("email", unique);
            else
                attrs.append("nick", unique);
            changes.push_back(create(person(number, std::move(attrs))));
        }
        write(*memory_, changes);
        write(*sqlite_, std::move(changes));
    }

    void ask(Chance& chance, int times) {
        for (int time = 0; time < times && !HasFatalFailure(); ++time) compare(chance.query());
    }

    void run_round(unsigned seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Chance chance(seed, GetParam());
        const Collection declared = chance.declaration();
        prepare(declared);
        fill(chance, declared);
        ask(chance, 150);
        for (int change = 0; change < 5 && !HasFatalFailure(); ++change) {
            compare(chance.change(declared));
            ask(chance, 15);
        }
        // Another declaration, over what is there: fewer columns, and some of another kind.
        Collection other = chance.declaration();
        std::erase_if(other.columns, [&](const auto& column) { return column.attr != "name" && chance.one_in(3); });
        std::erase_if(other.indexes, [&](const auto& index) { return index.size() > 1 || index.front() != "name"; });
        for (Collection::Column& column : other.columns)
            if (chance.one_in(4)) column.holds = Holds::number;
        prepare(other);
        ask(chance, 75);
    }

    void open(const Folder& folder) {
        memory_ = open_memory();
        sqlite_ = open_sqlite(folder / "limp.db");
    }

private:
    std::unique_ptr<Store> memory_;
    std::unique_ptr<Store> sqlite_;
};

}  // namespace

TEST_P(Differential, SqliteDoesWhatTheMatcherSays) {
    for (unsigned seed = 1; seed <= 6 && !HasFatalFailure(); ++seed) {
        const Folder folder;
        open(folder);
        run_round(seed);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Documents, Differential, testing::Values(Chance::Fitting::always, Chance::Fitting::mostly),
    [](const auto& fitting) { return fitting.param == Chance::Fitting::always ? "ThatFit" : "ThatMostlyFit"; }
);

}  // namespace limp::store
