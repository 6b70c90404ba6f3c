#include "store/unique.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "store/stored.hpp"

namespace limp::store {

namespace {

enum class Case { kept, folded };

// A real that is a whole number as that number, as the matcher has 1 and 1.0 equal.
Value normal(double real) {
    constexpr double past_int64 = 9'223'372'036'854'775'808.0;  // 2^63
    if (real < -past_int64 || real >= past_int64 || real != std::trunc(real)) return real;
    return static_cast<std::int64_t>(real);
}

Value normal(const Value& value, Case letters) {
    if (value.is_real()) return normal(value.real());
    if (value.is_string() && letters == Case::folded) return base::fold_case(value.string());
    if (value.is_list()) {
        List list;
        for (const Value& one : value.list()) list.push_back(normal(one, letters));
        return list;
    }
    if (value.is_object()) {
        Object object;
        for (const Member& member : value.object()) object.append(member.name, normal(member.value, letters));
        std::sort(object.begin(), object.end(), [](const Member& left, const Member& right) {
            return left.name < right.name;
        });
        return object;
    }
    return value;
}

}  // namespace

std::optional<UniqueKey> unique_key(
    const Collection& collection, const std::vector<std::string>& attrs, const Document& document
) {
    List values;
    for (const std::string& attr : attrs) {
        const Value* value = document.find(attr);
        if (!value || value->is_null()) return std::nullopt;
        const bool folds = std::ranges::find(collection.folded, attr) != collection.folded.end();
        values.push_back(normal(*value, folds ? Case::folded : Case::kept));
    }
    return UniqueKey{attrs, base::to_json(Value(std::move(values)))};
}

std::vector<UniqueKey> unique_keys(const Collection& collection, const Document& document) {
    std::vector<UniqueKey> keys;
    if (is_deleted(document)) return keys;
    for (const std::vector<std::string>& attrs : collection.unique)
        if (auto key = unique_key(collection, attrs, document)) keys.push_back(std::move(*key));
    return keys;
}

}  // namespace limp::store
