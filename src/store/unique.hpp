// store/unique.hpp: what two documents of a collection may not share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "limp/store.hpp"

namespace limp::store {

// The values of one unique combination of attrs, as text that is equal when they are equal.
struct UniqueKey {
    std::vector<std::string> attrs;
    // JSON: the list of the values, members of objects in order of their names, text folded where the collection folds
    // that attr. A list as a value is one value: it begins with "[[".
    std::string key;

    friend bool operator==(const UniqueKey&, const UniqueKey&) = default;
};

// Nothing when one of the attrs is missing or null: such documents do not collide.
std::optional<UniqueKey> unique_key(
    const Collection& collection, const std::vector<std::string>& attrs, const Document& document
);

// One for each combination that the document can collide in; none when it is soft-deleted.
std::vector<UniqueKey> unique_keys(const Collection& collection, const Document& document);

}  // namespace limp::store
