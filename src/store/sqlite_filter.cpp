#include "store/sqlite_filter.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "store/unique.hpp"

namespace limp::store {

namespace {

using Column = Table::Column;
using Operator = Condition::Operator;

// SQLite refuses SQL that is nested or long beyond measure, and 32,766 parameters are its most. What a filter has
// beyond these is left to the matcher.
constexpr std::size_t depth_max = 12;
constexpr std::size_t conditions_max = 200;
constexpr std::size_t operands_max = 10'000;

std::string_view sign(Operator oper) {
    switch (oper) {
        case Operator::greater:
            return " > ?";
        case Operator::greater_equal:
            return " >= ?";
        case Operator::less:
            return " < ?";
        case Operator::less_equal:
            return " <= ?";
        default:
            return " BETWEEN ? AND ?";
    }
}

// The columns of a table, as the documents in it make them useful.
class Columns {
public:
    Columns(const Table& table, Database& database) : table_(table), database_(database) {}

    const Column* find(const AttrPath& path) const { return path.size() == 1 ? table_.column(path.front()) : nullptr; }

    // Whether some document has a value there that the column does not hold. Types and upkeep leave none; a document
    // that came by another way must be found all the same.
    bool has_misfits(const Column& column) const {
        if (column.name == "id") return false;
        Statement rows = database_.select(
            "SELECT 1 FROM " + table_.values() + " WHERE attr = ? AND value = ? LIMIT 1", Table::no_attr,
            column.declared.attr
        );
        return rows.next();
    }

    Where with_misfits(Where where, const Column& column) const {
        std::vector<Where> either;
        either.push_back(std::move(where));
        either.push_back(entries(Table::no_attr, some("value = ?", {Value(column.declared.attr)})));
        where = join(std::move(either), Joint::disjunction);
        where.is_exact = false;
        return where;
    }

    // The documents with an entry of which that holds.
    Where entries(std::string_view attr, Where test) const {
        if (test.extent == Where::Extent::none) return test;
        test.values.insert(test.values.begin(), Value(attr));
        test.sql = "n IN (SELECT n FROM " + table_.values() + " WHERE attr = ? AND " + test.sql + ")";
        return test;
    }

    bool is_unique(const AttrPath& path) const { return path.size() == 1 && table_.is_unique(path.front()); }

    Where among_unique(const std::string& attr, const std::vector<Value>& texts) const {
        return store::among_unique(table_, attr, texts);
    }

    // Whether an index begins with it.
    bool is_indexed(const Column& column) const {
        return column.name == "id" || std::ranges::any_of(table_.collection().indexes, [&](const auto& attrs) {
                   return attrs.front() == column.declared.attr;
               });
    }

private:
    const Table& table_;
    Database& database_;
};

// One condition on a column of which all documents have what it holds.
class OnColumn {
public:
    OnColumn(const Column& column, const Condition& condition, const Columns& columns)
        : column_(column), condition_(condition), columns_(columns) {}

    Where where() const {
        const bool is_list = column_.declared.is_list;
        switch (condition_.oper) {
            case Operator::equal:
            case Operator::in:
                return equal();
            case Operator::not_equal:
                return negation(equal());
            case Operator::contains:
            case Operator::pattern:
                return whatever();
            case Operator::missing:
                return is_list ? whatever() : some(column_.name + " IS NULL", {});
            case Operator::present:
                return is_list ? whatever() : some(column_.name + " IS NOT NULL", {});
            default:
                return in_order();
        }
    }

private:
    // NULL does not tell null, which equals null, from missing; entries do not tell how a list is made up.
    bool is_beyond_sql(const Value& operand) const {
        return operand.is_null() || (column_.declared.is_list && operand.is_list());
    }

    Where equal() const {
        if (std::ranges::any_of(condition_.operands, [&](const Value& one) { return is_beyond_sql(one); }))
            return whatever();
        // What is of another kind equals nothing that the column holds.
        std::vector<Value> values;
        for (const Value& operand : condition_.operands)
            if (column_.fits(operand)) values.push_back(operand);
        return of_subject(is_one_of(subject(), std::move(values)));
    }

    Where in_order() const {
        const std::size_t count = condition_.oper == Operator::between ? 2 : 1;
        std::vector<Value> bounds(condition_.operands.begin(), condition_.operands.begin() + std::ptrdiff_t(count));
        const auto compares = [&](const Value& bound) { return column_.fits(bound) && !bound.is_bool(); };
        if (!std::ranges::all_of(bounds, compares)) return nothing();
        return of_subject(some(subject() + std::string(sign(condition_.oper)), std::move(bounds)));
    }

    std::string subject() const { return column_.declared.is_list ? "value" : column_.name; }

    Where of_subject(Where test) const {
        return column_.declared.is_list ? columns_.entries(column_.declared.attr, std::move(test)) : test;
    }

    const Column& column_;
    const Condition& condition_;
    const Columns& columns_;
};

// How much a filter has in all, and in other collections.
struct Spent {
    std::size_t conditions = 0;
    std::size_t operands = 0;
};

class Translator {
public:
    Translator(const Table& table, const Source& source, Spent& spent)
        : columns_(table, source.database), source_(source), spent_(spent) {}

    // Of the filter or, where `is_negated`, of its opposite. Negations move down to the conditions, as what is inexact
    // has no opposite.
    Where translate(const Filter& filter, bool is_negated, std::size_t depth) {
        if (depth > depth_max) return whatever();
        switch (filter.kind) {
            case Filter::Kind::all:
                return group(filter, is_negated ? Joint::disjunction : Joint::conjunction, is_negated, depth);
            case Filter::Kind::any:
                return group(filter, is_negated ? Joint::conjunction : Joint::disjunction, is_negated, depth);
            case Filter::Kind::none:
                return group(filter, is_negated ? Joint::disjunction : Joint::conjunction, !is_negated, depth);
            case Filter::Kind::related:
                return related(filter, is_negated, depth);
            case Filter::Kind::condition:
                break;
        }
        return is_affordable(filter.condition) ? condition(filter.condition, is_negated) : whatever();
    }

private:
    Where group(const Filter& filter, Joint joint, bool are_negated, std::size_t depth) {
        std::vector<Where> parts;
        for (const Filter& child : filter.children) parts.push_back(translate(child, are_negated, depth + 1));
        return join(std::move(parts), joint);
    }

    bool is_affordable(const Condition& condition) {
        spent_.operands += condition.operands.size();
        return ++spent_.conditions <= conditions_max && spent_.operands <= operands_max;
    }

    // Those whose reference is among the ids of the others that pass.
    Where related(const Filter& filter, bool is_negated, std::size_t depth) {
        const Column* column = columns_.find({filter.reference.attr});
        const TablePtr other = source_.layout.find(filter.reference.collection);
        if (!column || column->declared.holds != Collection::Column::Holds::text || !other) return whatever();
        if (++spent_.conditions > conditions_max) return whatever();
        Where where = Translator(*other, source_, spent_).translate(filter.children.front(), false, depth + 1);
        if (where.extent != Where::Extent::none) {
            const std::string subject = column->declared.is_list ? "value" : column->name;
            const std::string passed = where.extent == Where::Extent::some ? " AND (" + where.sql + ")" : "";
            where.sql = subject + " IN (SELECT id FROM " + other->documents() + " WHERE deleted = 0" + passed + ")";
            where.extent = Where::Extent::some;
            where.is_either = false;
            if (column->declared.is_list) where = columns_.entries(column->declared.attr, std::move(where));
        }
        if (is_negated) where = negation(std::move(where));
        return columns_.has_misfits(*column) ? columns_.with_misfits(std::move(where), *column) : where;
    }

    Where condition(const Condition& condition, bool is_negated) const {
        if (condition.any_child) return whatever();
        const Column* column = columns_.find(condition.path);
        if (!column) return is_negated ? whatever() : by_unique(condition);
        Where where = OnColumn(*column, condition, columns_).where();
        if (is_negated) where = negation(std::move(where));
        if (columns_.has_misfits(*column)) return columns_.with_misfits(std::move(where), *column);
        if (is_negated || columns_.is_indexed(*column)) return where;
        const bool is_exact = where.is_exact;
        std::vector<Where> both;
        both.push_back(std::move(where));
        both.push_back(by_unique(condition));
        where = join(std::move(both), Joint::conjunction);
        where.is_exact = is_exact;
        return where;
    }

    // The documents among which those are that have one of these texts under a unique attr.
    Where by_unique(const Condition& condition) const {
        const bool asks_for_texts = (condition.oper == Operator::equal || condition.oper == Operator::in) &&
                                    !condition.operands.empty() &&
                                    std::ranges::all_of(condition.operands, &Value::is_string);
        if (!asks_for_texts || !columns_.is_unique(condition.path)) return whatever();
        return columns_.among_unique(condition.path.front(), condition.operands);
    }

    Columns columns_;
    const Source& source_;
    Spent& spent_;
};

}  // namespace

Where where(const Filter& filter, const Table& table, const Source& source) {
    Spent spent;
    return Translator(table, source, spent).translate(filter, false, 0);
}

const Column* exact_column(const AttrPath& path, const Table& table, Database& database) {
    const Columns columns(table, database);
    const Column* column = columns.find(path);
    return column && !columns.has_misfits(*column) ? column : nullptr;
}

// The keys are folded where the attr is. That of a list begins with "[[", after which "[\" comes, and says nothing of
// its elements. Two queries in one, as SQLite finds no way through the keys that leads to both.
Where among_unique(const Table& table, const std::string& attr, const std::vector<Value>& texts) {
    if (texts.empty()) return nothing();
    const Value collection = table.collection().name;
    List keys;
    for (const Value& text : texts)
        keys.emplace_back(unique_key(table.collection(), {attr}, Document{{attr, text}})->key);
    Where keyed = is_one_of("key", std::move(keys));
    keyed.values.insert(keyed.values.begin(), {collection, attr});
    keyed.values.insert(keyed.values.end(), {collection, attr});

    const std::string holders = "SELECT id FROM limp_unique WHERE collection = ? AND attrs = ? AND ";
    Where where = some(
        "id IN (" + holders + keyed.sql + " UNION ALL " + holders + R"(key >= '[[' AND key < '[\'))",
        std::move(keyed.values)
    );
    where.is_exact = false;
    return where;
}

}  // namespace limp::store
