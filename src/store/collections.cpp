#include "store/collections.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace limp::store {

namespace {

void check_name(const Collection& collection) {
    const bool fits = std::ranges::all_of(collection.name, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
    });
    if (collection.name.empty() || !fits) throw std::invalid_argument("no name for a collection: " + collection.name);
}

[[noreturn]] void refuse(const Collection& collection, const std::string& what) {
    throw std::invalid_argument("collection " + collection.name + ": " + what);
}

void check_columns(const Collection& collection) {
    std::vector<std::string> attrs;
    for (const Collection::Column& column : collection.columns) attrs.push_back(column.attr);
    std::ranges::sort(attrs);
    if (!attrs.empty() && attrs.front().empty()) refuse(collection, "a column without an attr");
    if (std::ranges::binary_search(attrs, "_id")) refuse(collection, "_id has a column already");
    const auto twice = std::ranges::adjacent_find(attrs);
    if (twice != attrs.end()) refuse(collection, *twice + " is a column twice");
}

void check_index(const Collection& collection, const std::vector<std::string>& attrs) {
    if (attrs.empty()) refuse(collection, "an index of nothing");
    for (const std::string& attr : attrs) {
        if (attr == "_id") continue;
        const auto column = std::ranges::find(collection.columns, attr, &Collection::Column::attr);
        if (column == collection.columns.end()) refuse(collection, "an index needs a column for " + attr);
        if (column->is_list && attrs.size() > 1) refuse(collection, "an index cannot combine the list " + attr);
    }
}

// Each once, and attrs of documents.
void check_attrs(const Collection& collection, std::vector<std::string> attrs, const std::string& word) {
    std::ranges::sort(attrs);
    if (!attrs.empty() && attrs.front().empty()) refuse(collection, "what is " + word + " has no name");
    const auto twice = std::ranges::adjacent_find(attrs);
    if (twice != attrs.end()) refuse(collection, *twice + " is " + word + " twice");
}

}  // namespace

void check(const Collection& collection) {
    check_name(collection);
    check_columns(collection);
    for (const std::vector<std::string>& attrs : collection.indexes) check_index(collection, attrs);
    check_attrs(collection, collection.searched, "searched");
    check_attrs(collection, collection.points, "a point");
}

void Collections::set(const Collection& collection) {
    auto known = std::make_shared<const Collection>(collection);
    const std::lock_guard lock(mutex_);
    known_[collection.name] = std::move(known);
}

CollectionPtr Collections::get(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(name);
    if (found == known_.end()) throw std::logic_error("collection " + name + " was never prepared");
    return found->second;
}

}  // namespace limp::store
