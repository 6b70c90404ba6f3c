#include "store/sqlite_where.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace limp::store {

namespace {

using Extent = Where::Extent;

Where of(Extent extent) {
    Where where;
    where.extent = extent;
    return where;
}

void append(Where& joined, Where part, Joint joint) {
    const bool is_both = joint == Joint::conjunction;
    if (!joined.sql.empty()) joined.sql += is_both ? " AND " : " OR ";
    joined.sql += is_both && part.is_either ? "(" + part.sql + ")" : part.sql;
    joined.values.insert(
        joined.values.end(), std::make_move_iterator(part.values.begin()), std::make_move_iterator(part.values.end())
    );
    joined.is_exact &= part.is_exact;
}

}  // namespace

Where nothing() {
    return of(Extent::none);
}

Where everything() {
    return of(Extent::all);
}

Where whatever() {
    Where where = everything();
    where.is_exact = false;
    return where;
}

Where some(std::string sql, std::vector<Value> values) {
    Where where = of(Extent::some);
    where.sql = std::move(sql);
    where.values = std::move(values);
    return where;
}

// A conjunction of all is all, and none in it makes it none; a disjunction the other way round.
Where join(std::vector<Where> parts, Joint joint) {
    const bool is_both = joint == Joint::conjunction;
    const Extent neutral = is_both ? Extent::all : Extent::none;
    const Extent decisive = is_both ? Extent::none : Extent::all;
    const auto decided = std::ranges::find(parts, decisive, &Where::extent);
    if (decided != parts.end()) return std::move(*decided);

    Where joined = of(neutral);
    std::size_t count = 0;
    for (Where& part : parts) {
        joined.is_exact &= part.is_exact;
        if (part.extent == neutral) continue;
        ++count;
        joined.is_either = part.is_either;
        append(joined, std::move(part), joint);
    }
    if (count > 0) joined.extent = Extent::some;
    if (count > 1) joined.is_either = !is_both;
    return joined;
}

// Those that it does not let through: not those of which SQL knows nothing, as NOT would have it.
Where negation(Where where) {
    if (!where.is_exact) return whatever();
    switch (where.extent) {
        case Extent::none:
            return everything();
        case Extent::all:
            return nothing();
        case Extent::some:
            break;
    }
    return some("(" + where.sql + ") IS NOT TRUE", std::move(where.values));
}

// As many places as the next power of two, so that few texts serve all lists.
Where is_one_of(const std::string& subject, std::vector<Value> values) {
    if (values.empty()) return nothing();
    if (values.size() == 1) return some(subject + " = ?", std::move(values));
    std::size_t places = 2;
    while (places < values.size()) places *= 2;
    values.resize(places, Value(values.back()));
    std::string list = "?";
    for (std::size_t place = 1; place < places; ++place) list += ", ?";
    return some(subject + " IN (" + list + ")", std::move(values));
}

}  // namespace limp::store
