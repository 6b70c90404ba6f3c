#include "store/collections.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace limp::store {

void check_name(const Collection& collection) {
    const bool fits = std::ranges::all_of(collection.name, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
    });
    if (collection.name.empty() || !fits) throw std::invalid_argument("no name for a collection: " + collection.name);
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
