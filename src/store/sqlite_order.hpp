// store/sqlite_order.hpp: orders in SQL, and places in them to go on from.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "limp/query.hpp"
#include "limp/value.hpp"
#include "store/sqlite_table.hpp"
#include "store/sqlite_tables.hpp"
#include "store/sqlite_where.hpp"

namespace limp::store {

class SqlOrder {
public:
    // What decides, one after the other. The last is the id.
    struct Term {
        std::string sql;
        std::vector<Value> values;  // its parameters
        bool descending = false;
        const Table::Column* column;  // that it is the value of
        std::size_t key;              // its place among the sort keys; behind them: the id that ends each place
    };

    explicit SqlOrder(std::vector<Term> terms) : terms_(std::move(terms)) {}

    // What follows ORDER BY, and its parameters.
    std::string sql() const;
    std::vector<Value> values() const;

    // The documents after a place (Query::after), in parts of which each comes as a whole before the next, so that each
    // is a range of an index. Nothing when the place holds what the columns cannot.
    std::optional<std::vector<Where>> parts_after(std::span<const Value> place) const;

private:
    std::vector<Term> terms_;
};

// Where SQL can order so. As the columns are in the database at this moment: to be used within the same transaction.
std::optional<SqlOrder> order_by(std::span<const SortKey> sort, const Table& table, const Source& source);

}  // namespace limp::store
