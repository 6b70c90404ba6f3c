// store/sqlite_where.hpp: conditions on documents in SQL, and how they are put together.
#pragma once

#include <string>
#include <vector>

#include "limp/value.hpp"

namespace limp::store {

// Which of the live documents a condition lets through.
struct Where {
    enum class Extent { none, some, all };

    Extent extent = Extent::all;
    std::string sql;            // some: a condition on rows of the table; NULL counts as false
    std::vector<Value> values;  // its parameters, all of them scalar
    bool is_either = false;     // an OR: within an AND it needs parentheses
    bool is_exact = true;       // false: it lets others through, too
};

Where nothing();
Where everything();

// What SQL cannot say: everything, but not exactly.
Where whatever();

Where some(std::string sql, std::vector<Value> values);

// "subject = ?" or "subject IN (?, …)".
Where is_one_of(const std::string& subject, std::vector<Value> values);

enum class Joint { conjunction, disjunction };
Where join(std::vector<Where> parts, Joint joint);

// What it does not let through.
Where negation(Where where);

}  // namespace limp::store
