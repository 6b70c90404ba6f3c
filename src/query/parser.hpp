// query/parser.hpp: a client's query, or a manifest's query modifier, into the one tree.
//
// Everything is checked here: attr names against the module, operators, operands by the attr's type, limits. What is
// unknown is refused, never ignored: a filter that is silently dropped matches everything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "limp/module.hpp"
#include "limp/query.hpp"
#include "limp/value.hpp"
#include "types/types.hpp"

namespace limp::query {

struct Limits {
    std::size_t nodes = 1'000;      // conditions and groups in all
    std::size_t depth = 16;         // nested groups
    std::size_t in_values = 1'000;  // values of one condition
    std::size_t path = 8;           // segments of one path
    std::size_t references = 4;     // of one path: attrs in it that lead into another module
    std::size_t pattern = 200;      // bytes of one $regex
    std::size_t words = 10;         // of one $search
    std::size_t facets = 8;         // of one $group
    std::int64_t buckets = 100;     // of one facet
    std::int64_t count_to = 1'000;  // how far matches are counted when that is not to be exact
};

// A module that a reference leads to, as far as the caller may read it.
struct Target {
    const Module& module;
    Filter readable;                  // which of its documents
    std::vector<std::string> hidden;  // attrs that are as unknown to this caller
};

struct Parsing {
    const Module& module;
    types::Context types;
    Limits limits;
    std::span<const std::string> hidden = {};  // attrs that are as unknown to this caller
    // A modifier in a manifest: values may be variables ("$__user", "$__time", "$__access", "$__user.groups"), which
    // stay in the tree as text until resolve() replaces them.
    bool variables = false;
    // Where a reference leads by the name of the module; nothing when the caller may not read it. Empty: no path leads
    // into another module.
    std::function<std::optional<Target>(std::string_view module)> target = {};
};

// Throws Refusal 400: CORE_QUERY_INVALID with a message that names the place and the nearest known name.
Query parse(const Value& query, const Parsing& parsing);

// The tree with each variable replaced by what it stands for; a condition on what the user lacks holds for no document.
// Give it only what was parsed with `variables`: in a client's filter "$__user" is a text like any other.
struct Variables {
    const Document& user;  // "$__user" is its _id, "$__user.groups" that attr of it
    std::int64_t now_ms;   // "$__time"; most filters have none, so it is not a text before it is asked for
};
Filter resolve(const Filter& filter, const Variables& variables);

// A doc modifier's value with variables replaced; the same rules.
Value resolve(const Value& value, const Variables& variables);

}  // namespace limp::query
