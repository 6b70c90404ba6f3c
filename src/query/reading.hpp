// query/reading.hpp: one query while it is read, and the readers that share the work.
//
// parse() tells the two wire forms apart; each form finds groups, conditions and specials in its own way and leaves
// what they mean to read_comparison() and read_special().
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "limp/query.hpp"
#include "limp/value.hpp"
#include "query/parser.hpp"

namespace limp::query {

// Throws Refusal 400 CORE_QUERY_INVALID.
[[noreturn]] void refuse(const std::string& message);

struct Reading {
    const Parsing& parsing;
    Query query;      // without its filter so far
    Object specials;  // as they were sent
    std::size_t nodes = 0;

    // One more condition, group or sort key.
    void count_node();
};

// What a client says about one attr, the same in both forms. It leads into the client's query.
struct Comparison {
    std::string_view oper = "$eq";
    const Value* val = nullptr;   // always there
    const Value* val2 = nullptr;  // the upper bound of $bet, and of nothing else
    bool strict = true;           // false: text that contains val
};

// A condition, or a few of them in a group.
Filter read_comparison(std::string_view key, const Comparison& comparison, const Parsing& parsing);

// "$limit" and its like, into reading.query. The same one may come twice only with the same value.
void read_special(std::string_view name, const Value& value, Reading& reading);

// What can only be said when filter and specials are read: into reading.query.
void finish(Reading& reading);

Filter read_object_form(const Object& query, Reading& reading);
Filter read_list_form(const List& query, Reading& reading);

// All of them; one alone stands for itself.
Filter all_of(std::vector<Filter> filters);

}  // namespace limp::query
