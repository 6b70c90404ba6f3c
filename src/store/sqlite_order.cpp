#include "store/sqlite_order.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "store/sqlite_filter.hpp"

namespace limp::store {

namespace {

using Column = Table::Column;
using Term = SqlOrder::Term;

// A value of the document, or of one that a reference leads to.
struct Expression {
    std::string sql;
    std::vector<Value> values;
};

void append(std::vector<Value>& values, const std::vector<Value>& more) {
    values.insert(values.end(), more.begin(), more.end());
}

// The value of a sort key: from hop to hop, each in a SELECT within the next one.
class KeyWalk {
public:
    KeyWalk(const SortKey& key, const Table& table, const Source& source)
        : key_(key), table_(&table), place_(table.documents()), source_(source) {}

    std::optional<Term> walk() {
        for (const SortKey::Hop& hop : key_.hops)
            if (!follow(hop)) return std::nullopt;
        const Column* column = scalar(key_.path);
        if (!column) return std::nullopt;
        Expression value = value_of(*column);
        return Term{std::move(value.sql), std::move(value.values), key_.descending, column, 0};
    }

private:
    const Column* scalar(const AttrPath& path) const {
        const Column* column = exact_column(path, *table_, source_.database);
        return column && !column->declared.is_list ? column : nullptr;
    }

    Expression value_of(const Column& column) const {
        const std::string value = place_ + "." + column.name;
        if (rows_.sql.empty()) return {value, {}};
        return {"(SELECT " + value + rows_.sql + ")", rows_.values};
    }

    bool follow(const SortKey::Hop& hop) {
        const Column* column = scalar({hop.reference.attr});
        const TablePtr other = source_.layout.find(hop.reference.collection);
        if (!column || column->declared.holds != Collection::Column::Holds::text || !other) return false;
        const Where passed = where(hop.passed, *other, source_);
        if (!passed.is_exact || passed.extent == Where::Extent::none) return false;

        const Expression id = value_of(*column);
        table_ = other.get();
        place_ = "h" + std::to_string(++hops_);
        rows_.sql = " FROM " + other->documents() + " AS " + place_ + " WHERE " + place_ + ".id = " + id.sql + " AND " +
                    place_ + ".deleted = 0";
        rows_.values = id.values;
        if (passed.extent == Where::Extent::some) {
            rows_.sql += " AND (" + passed.sql + ")";
            append(rows_.values, passed.values);
        }
        return true;
    }

    const SortKey& key_;
    const Table* table_;
    std::string place_;  // the row that has the value, as SQL calls it
    Expression rows_;    // where that row is, unless it is the document's own
    int hops_ = 0;
    const Source& source_;
};

bool can_be_at(const Value& value, const Column& column) {
    return value.is_null() || column.fits(value);
}

// What comes after the value in one term, in parts. Null comes first ascending.
std::vector<Where> beyond(const Term& term, const Value& value) {
    std::vector<Where> parts;
    const auto part = [&](const std::string& test, bool is_bound) {
        std::vector<Value> values = term.values;
        if (is_bound) values.push_back(value);
        parts.push_back(some(term.sql + test, std::move(values)));
    };
    if (value.is_null()) {
        if (!term.descending) part(" IS NOT NULL", false);
        return parts;
    }
    part(term.descending ? " < ?" : " > ?", true);
    if (term.descending) part(" IS NULL", false);
    return parts;
}

Where at(const Term& term, const Value& value) {
    std::vector<Value> values = term.values;
    if (value.is_null()) return some(term.sql + " IS NULL", std::move(values));
    values.push_back(value);
    return some(term.sql + " = ?", std::move(values));
}

}  // namespace

std::string SqlOrder::sql() const {
    std::string sql;
    for (const Term& term : terms_) sql += (sql.empty() ? "" : ", ") + term.sql + (term.descending ? " DESC" : " ASC");
    return sql;
}

std::vector<Value> SqlOrder::values() const {
    std::vector<Value> values;
    for (const Term& term : terms_) append(values, term.values);
    return values;
}

// First those that differ in the last term alone, in the end those that differ in the first.
std::optional<std::vector<Where>> SqlOrder::parts_after(std::span<const Value> place) const {
    std::vector<Where> parts;
    std::vector<Where> same;
    for (const Term& term : terms_) {
        const Value& value = place[std::min(term.key, place.size() - 1)];
        if (!can_be_at(value, *term.column)) return std::nullopt;
        std::vector<Where> later = beyond(term, value);
        for (Where& one : later) {
            std::vector<Where> both = same;
            both.push_back(std::move(one));
            one = join(std::move(both), Joint::conjunction);
        }
        parts.insert(parts.begin(), std::make_move_iterator(later.begin()), std::make_move_iterator(later.end()));
        same.push_back(at(term, value));
    }
    return parts;
}

std::optional<SqlOrder> order_by(std::span<const SortKey> sort, const Table& table, const Source& source) {
    std::vector<Term> terms;
    std::set<std::string> used;  // what comes again decides nothing, and SQLite bounds how many there are
    for (std::size_t key = 0; key < sort.size(); ++key) {
        std::optional<Term> term = KeyWalk(sort[key], table, source).walk();
        if (!term) return std::nullopt;
        const bool is_id = sort[key].hops.empty() && term->column->name == "id";
        // Two ways through references may differ in their parameters alone.
        if (sort[key].hops.empty() && !used.insert(term->sql).second) continue;
        term->key = key;
        terms.push_back(*std::move(term));
        if (is_id) return SqlOrder(std::move(terms));
    }
    const Column* id = table.column("_id");
    terms.push_back({table.documents() + ".id", {}, true, id, sort.size()});
    return SqlOrder(std::move(terms));
}

}  // namespace limp::store
