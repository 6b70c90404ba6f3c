#include "engine/advisor.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/log.hpp"
#include "engine/collections.hpp"

namespace limp::engine {

namespace {

using Names = std::vector<std::string>;
using Operator = Condition::Operator;

// What an index begins with, and what it may end with.
struct Wanted {
    Names equal;
    Names bounded;
};

void add(Names& names, const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

// What every match must pass: alternatives would need an index each.
void collect(const Filter& filter, Wanted& wanted) {
    if (filter.kind == Filter::Kind::all)
        for (const Filter& child : filter.children) collect(child, wanted);
    if (filter.kind == Filter::Kind::related) add(wanted.equal, filter.reference.attr);
    const Condition& condition = filter.condition;
    if (filter.kind != Filter::Kind::condition || condition.path.size() != 1) return;
    switch (condition.oper) {
        case Operator::equal:
        case Operator::in:
            return add(wanted.equal, condition.path.front());
        case Operator::greater:
        case Operator::greater_equal:
        case Operator::less:
        case Operator::less_equal:
        case Operator::between:
            return add(wanted.bounded, condition.path.front());
        default:
            return;
    }
}

bool can_be_indexed(const Module& module, const std::string& name) {
    const Attr* attr = module.attr(name);
    return attr && column_of(*attr);
}

bool is_list(const Module& module, const std::string& name) {
    return module.attr(name)->type.kind == Type::Kind::list;
}

}  // namespace

std::string missing_index(const Module& module, const Query& query) {
    Wanted wanted;
    collect(query.filter, wanted);
    for (Names* names : {&wanted.equal, &wanted.bounded})
        std::erase_if(*names, [&](const std::string& name) { return !can_be_indexed(module, name); });
    const auto list = std::ranges::find_if(wanted.equal, [&](const auto& name) { return is_list(module, name); });
    Names index = list == wanted.equal.end() ? wanted.equal : Names{*list};
    if (list == wanted.equal.end()) {
        std::erase_if(wanted.bounded, [&](const std::string& name) { return is_list(module, name); });
        if (!wanted.bounded.empty()) {
            add(index, wanted.bounded.front());
        } else {
            for (const SortKey& key : query.sort)
                if (key.hops.empty() && key.path.size() == 1 && can_be_indexed(module, key.path.front()) &&
                    !is_list(module, key.path.front()))
                    add(index, key.path.front());
        }
    }
    if (index.empty() || std::ranges::find(module.indexes, index) != module.indexes.end()) return {};
    return "\"indexes\": [" + base::to_json(List(index.begin(), index.end())) + "]";
}

void Advisor::consider(const Module& module, const Query& query, std::int64_t walked) {
    if (documents_ == 0 || walked <= documents_) return;
    const std::string index = missing_index(module, query);
    if (const std::lock_guard lock(mutex_); !given_.insert(module.name + ' ' + index).second) return;
    base::log_warning(
        "engine",
        index.empty() ? "a read looks at many documents, and no index would lead to what it asks for"
                      : "a read looks at many documents; this in its module's manifest would lead to what it asks for",
        {{"module", module.name}, {"documents", walked}, {"declare", index}}
    );
}

}  // namespace limp::engine
