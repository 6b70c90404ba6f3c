#include "store/finding.hpp"

namespace limp::store {

bool Finding::finds(const Document& document) const {
    if (matcher_ && !matcher_->matches(document)) return false;
    if (query_.near && !is_near(document)) return false;
    return !query_.search || query::has_words(*query_.search, document);
}

bool Finding::is_near(const Document& document) const {
    const std::optional<double> metres = query::distance(*query_.near, document);
    return metres && (!query_.near->within || *metres <= *query_.near->within);
}

}  // namespace limp::store
