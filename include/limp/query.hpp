// limp/query.hpp: which documents, in which order, how many.
//
// Both wire forms (docs/protocol.md, "Queries") become one tree; from there on there is one language, which the store
// drivers translate and src/query/matcher.hpp evaluates in process.
//
// Attr names in a tree come from the module registry, values are already converted by the attr's type: a driver binds
// them as they are and never looks at a client's text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "limp/value.hpp"

namespace limp {

// "title.ar_AE": the attr and the children below it. Through lists a path means any element.
using AttrPath = std::vector<std::string>;

struct Condition {
    enum class Operator {
        equal,      // the value, or, where the document has a list, any element, equals operands[0]
        not_equal,  // not equal, or missing
        greater,    // and so on: only values of the operand's kind compare (numbers, strings, times)
        greater_equal,
        less,
        less_equal,
        between,   // operands[0] <= value <= operands[1]
        in,        // equals any of the operands; no operands match nothing
        contains,  // strict:false — text that contains operands[0], case-folded
        missing,   // absent or null
        present,   // neither absent nor null
    };

    AttrPath path;
    Operator oper = Operator::equal;
    std::vector<Value> operands;
    bool any_child = false;  // the path ends at an object (a locale): match when any of its children does
};

// A node of the filter tree.
struct Filter {
    enum class Kind { all, any, none, condition };  // and, or, not-any, leaf

    Kind kind = Kind::all;         // a Filter made by default is an empty "all": every document
    std::vector<Filter> children;  // all, any, none
    Condition condition;           // condition

    static Filter everything() { return {}; }
    static Filter nothing() {
        Filter filter;
        filter.kind = Kind::any;
        return filter;
    }
    static Filter of(Condition condition) {
        Filter filter;
        filter.kind = Kind::condition;
        filter.condition = std::move(condition);
        return filter;
    }
    static Filter equal(std::string attr, Value value) {
        Condition condition;
        condition.path.push_back(std::move(attr));
        condition.operands.push_back(std::move(value));
        return of(std::move(condition));
    }
    static Filter in(std::string attr, std::vector<Value> values) {
        Condition condition;
        condition.path.push_back(std::move(attr));
        condition.oper = Condition::Operator::in;
        condition.operands = std::move(values);
        return of(std::move(condition));
    }
    static Filter all_of(std::vector<Filter> children) {
        Filter filter;
        filter.children = std::move(children);
        return filter;
    }
    static Filter any_of(std::vector<Filter> children) {
        Filter filter = nothing();
        filter.children = std::move(children);
        return filter;
    }

    bool is_everything() const { return kind == Kind::all && children.empty(); }

    // Both must hold.
    void narrow(Filter other) {
        if (other.is_everything()) return;
        if (is_everything()) {
            *this = std::move(other);
            return;
        }
        Filter both;
        both.children.push_back(std::move(*this));
        both.children.push_back(std::move(other));
        *this = std::move(both);
    }
};

struct SortKey {
    AttrPath path;
    bool descending = false;
};

struct Query {
    Filter filter;
    std::vector<SortKey> sort;  // empty: by _id, newest first
    std::int64_t skip = 0;      // documents
    std::int64_t limit = 0;     // documents; 0: all (the engine sets the configured maximum before the store sees it)
    bool extend = true;         // $extn: false leaves references as ids
    bool soft = false;          // $soft: true
    std::optional<std::int64_t> rev;  // $rev: an update's precondition
};

}  // namespace limp
