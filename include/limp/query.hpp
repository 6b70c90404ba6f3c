// limp/query.hpp: which documents, in which order, how many.
//
// Both wire forms (docs/queries.md) become one tree; from there on there is one language, which the store drivers
// translate and src/query/matcher.hpp evaluates in process.
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
        pattern,   // text in which the RE2 expression operands[0] is found
        missing,   // absent or null
        present,   // neither absent nor null
    };

    AttrPath path;
    Operator oper = Operator::equal;
    std::vector<Value> operands;
    bool any_child = false;  // the path ends at an object (a locale): match when any of its children does
};

// From a document to those of another collection whose ids it has in an attr: in itself, or in its list.
struct Reference {
    std::string attr;
    std::string collection;
};

// A node of the filter tree.
struct Filter {
    enum class Kind {
        all,        // and
        any,        // or
        none,       // not any
        condition,  // a leaf
        related,    // some live document that `reference` leads to passes children[0]
    };

    Kind kind = Kind::all;         // a Filter made by default is an empty "all": every document
    std::vector<Filter> children;  // all, any, none, related
    Condition condition;           // condition
    Reference reference;           // related

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
    static Filter none_of(std::vector<Filter> children) {
        Filter filter;
        filter.kind = Kind::none;
        filter.children = std::move(children);
        return filter;
    }
    static Filter related(Reference reference, Filter passed) {
        Filter filter;
        filter.kind = Kind::related;
        filter.reference = std::move(reference);
        filter.children.push_back(std::move(passed));
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
    // On the way to the document that has `path`: the one that a reference leads to, if it passes the filter; where
    // there is none the value is missing. Only through attrs that are no lists.
    struct Hop {
        Reference reference;
        Filter passed;
    };

    AttrPath path;
    bool descending = false;
    std::vector<Hop> hops = {};
};

// Words that a document has in the attrs that its module declares as searched (Collection::searched).
struct Search {
    std::vector<std::string> attrs;  // of those: where to look
    std::vector<std::string> words;  // each must be there, folded as query::words_of() does
    bool last_begins = false;        // the last one may be the beginning of a word
};

// Documents by how far a point of theirs is from this one, the nearest first.
struct Near {
    std::string attr;  // of type geo
    double longitude = 0;
    double latitude = 0;
    std::optional<double> within;  // metres: none that are farther
};

// How the matches spread over the values of an attr (LIMP's $group).
struct Facet {
    AttrPath path;
    std::int64_t buckets = 1;  // at most
    Filter filter;             // what counts: the query's filter but for what the caller asks of this very attr
};

// Values from `min` to `max`, both included. Buckets of one facet do not overlap, and are as equal in `count` as they
// can be when no value is in two of them.
struct Bucket {
    Value min;
    Value max;
    std::int64_t count = 0;
};

struct Query {
    static constexpr std::int64_t to_the_last = -1;

    Filter filter;
    std::vector<SortKey> sort;  // empty: by _id, newest first; with `search` by relevance, with `near` by distance
    std::int64_t skip = 0;      // documents
    std::int64_t limit = 0;     // documents; 0: all (the engine sets the configured maximum before the store sees it)
    std::optional<Search> search;
    std::optional<Near> near;
    std::vector<Facet> facets;
    std::vector<Value> after;              // not empty: what comes after this place in the order (FoundText::end)
    std::int64_t count_to = to_the_last;   // how far matches are counted; 0: not at all
    bool deleted = false;                  // soft-deleted documents in place of the live ones
    bool extend = true;                    // $extn: false leaves references as ids
    std::vector<std::string> extend_only;  // $extn: only these; empty: all
    std::vector<std::string> attrs;        // $attrs: only these, and _id; empty: all
    bool history = false;                  // $diff: attrs of type diff are filled
    bool soft = false;                     // $soft: true
    std::optional<std::int64_t> rev;       // $rev: an update's precondition

    // Only what passes this, too. Hooks and permissions narrow by it: facets count no more than the query finds.
    void narrow(const Filter& by) {
        filter.narrow(by);
        for (Facet& facet : facets) facet.filter.narrow(by);
    }
};

}  // namespace limp
