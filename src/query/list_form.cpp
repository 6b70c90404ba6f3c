// LIMP 5.0: a list of steps that must all hold. A step that is an object holds when all its members do, a step that is
// a list when one of its items does. Specials may stand in any object and speak for the whole query.
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "query/reading.hpp"
#include "types/wording.hpp"

namespace limp::query {

namespace {

class ListForm {
public:
    explicit ListForm(Reading& reading) : reading_(reading) {}

    // The conditions of a step, all of which must hold; none for a step of specials alone.
    std::vector<Filter> read_step(const Value& step, std::size_t depth) {
        check_depth(depth);
        if (step.is_list()) return {read_alternatives(step.list(), depth)};
        if (step.is_object()) return read_members(step.object(), depth);
        refuse("A step of the query must be an object or a list; it is " + std::string(types::said(step)) + ".");
    }

private:
    void check_depth(std::size_t depth) const {
        const std::size_t most = reading_.parsing.limits.depth;
        if (depth > most) refuse("The query nests its groups deeper than " + std::to_string(most) + " levels.");
    }

    // What is empty would hold never, or always: whichever was meant, somebody would be surprised.
    Filter read_alternatives(const List& items, std::size_t depth) {
        reading_.count_node();
        if (items.empty()) refuse("A group of alternatives in the query is empty; leave it out.");
        std::vector<Filter> any;
        for (const Value& item : items) {
            std::vector<Filter> all = read_step(item, depth + 1);
            if (all.empty()) refuse("An alternative in the query has no condition and would match everything.");
            any.push_back(all_of(std::move(all)));
        }
        return Filter::any_of(std::move(any));
    }

    std::vector<Filter> read_members(const Object& step, std::size_t depth) {
        reading_.count_node();
        std::vector<Filter> all;
        for (const auto& [name, value] : step) {
            if (name.starts_with('$'))
                read_special(name, value, reading_);
            else if (name.starts_with("__or"))
                all.push_back(read_group(name, value, depth));
            else
                all.push_back(read_condition(name, value));
        }
        return all;
    }

    Filter read_group(std::string_view name, const Value& value, std::size_t depth) {
        check_depth(depth + 1);
        if (!value.is_list()) refuse(base::in_quotes(name) + " must hold a list of alternatives.");
        return read_alternatives(value.list(), depth + 1);
    }

    Filter read_condition(std::string_view key, const Value& value) {
        reading_.count_node();
        const bool has_operator =
            value.is_object() && !value.object().empty() && value.object().begin()->name.starts_with('$');
        if (!has_operator) return read_bare(key, value);
        if (value.object().size() != 1)
            refuse(
                "The filter on " + base::in_quotes(key) +
                " must hold one operator; put the next into a step of its own."
            );
        return read_operator(key, *value.object().begin());
    }

    Filter read_bare(std::string_view key, const Value& value) {
        if (value.find("val"))
            refuse(
                "The filter on " + base::in_quotes(key) + " must be bare, without val, as the query is a list of steps."
            );
        return read_comparison(key, {.val = &value}, reading_.parsing);
    }

    Filter read_operator(std::string_view key, const Member& member) {
        if (member.name != "$bet")
            return read_comparison(key, {.oper = member.name, .val = &member.value}, reading_.parsing);
        if (!member.value.is_list() || member.value.list().size() != 2)
            refuse("$bet on " + base::in_quotes(key) + " must be a list of two: from and to.");
        const List& bounds = member.value.list();
        return read_comparison(key, {.oper = "$bet", .val = &bounds[0], .val2 = &bounds[1]}, reading_.parsing);
    }

    Reading& reading_;
};

}  // namespace

Filter read_list_form(const List& query, Reading& reading) {
    ListForm form(reading);
    std::vector<Filter> all;
    for (const Value& step : query)
        for (Filter& filter : form.read_step(step, 1)) all.push_back(std::move(filter));
    return all_of(std::move(all));
}

}  // namespace limp::query
