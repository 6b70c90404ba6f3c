#include "store/stored.hpp"

#include <limits>
#include <utility>

#include "base/json.hpp"

namespace limp::store {

Document parse_document(std::string_view text) {
    // What was stored is ours: the limits that calls have are no reason to lose it.
    constexpr base::JsonLimits limits{.depth = 256, .values = std::numeric_limits<std::size_t>::max()};
    return std::move(base::parse_json(text, limits).object());
}

}  // namespace limp::store
