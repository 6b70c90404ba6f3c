// LIMP 4.0: {attr: {val, oper, val2, strict}, "__OR:attr": {…}, "$limit": 10}. All must hold, and of those marked
// __OR: one.
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "query/reading.hpp"
#include "types/wording.hpp"

namespace limp::query {

namespace {

constexpr std::string_view or_mark = "__OR:";

void check_member(std::string_view key, std::string_view name) {
    static const std::vector<std::string> known = {"val", "oper", "$oper", "val2", "strict"};
    for (const std::string& one : known)
        if (one == name) return;
    refuse(
        "The filter on " + base::in_quotes(key) + " holds " + base::in_quotes(name) + base::did_you_mean(name, known) +
        "; it may hold val, oper, val2 and strict."
    );
}

std::string_view read_oper(std::string_view key, const Value& filter) {
    const Value* plain = filter.find("oper");
    const Value* dollar = filter.find("$oper");
    if (plain && dollar) refuse("The filter on " + base::in_quotes(key) + " must hold oper or $oper, not both.");
    const Value* oper = plain ? plain : dollar;
    if (!oper) return "$eq";
    if (!oper->is_string()) refuse("The oper of " + base::in_quotes(key) + " must be a text like \"$gt\".");
    return oper->string();
}

Comparison read_filter_object(std::string_view key, const Value& filter) {
    for (const Member& member : filter.object()) check_member(key, member.name);
    Comparison comparison;
    comparison.val = filter.find("val");
    if (!comparison.val) refuse("The filter on " + base::in_quotes(key) + " must hold val.");
    comparison.oper = read_oper(key, filter);
    comparison.val2 = filter.find("val2");
    if (const Value* strict = filter.find("strict")) {
        if (!strict->is_bool()) refuse("strict of " + base::in_quotes(key) + " must be true or false.");
        comparison.strict = strict->boolean();
    }
    return comparison;
}

Filter read_filter(std::string_view key, const Value& filter, Reading& reading) {
    reading.count_node();
    const bool may_be_bare = reading.parsing.variables && !filter.is_list() && !filter.is_null();
    if (filter.is_object()) return read_comparison(key, read_filter_object(key, filter), reading.parsing);
    if (may_be_bare) return read_comparison(key, {.val = &filter}, reading.parsing);
    refuse("The filter on " + base::in_quotes(key) + " must be an object: write {\"val\": …}.");
}

}  // namespace

Filter read_object_form(const Object& query, Reading& reading) {
    std::vector<Filter> all;
    std::vector<Filter> any;
    for (const Member& member : query) {
        const std::string_view key = member.name;
        if (key.starts_with('$'))
            read_special(key, member.value, reading);
        else if (key.starts_with(or_mark))
            any.push_back(read_filter(key.substr(or_mark.size()), member.value, reading));
        else
            all.push_back(read_filter(key, member.value, reading));
    }
    if (!any.empty()) {
        reading.count_node();
        all.push_back(Filter::any_of(std::move(any)));
    }
    return all_of(std::move(all));
}

}  // namespace limp::query
