#include "store/sqlite_related.hpp"

#include <cstddef>
#include <optional>

#include "store/sqlite_reading.hpp"
#include "store/stored.hpp"

namespace limp::store {

namespace {

constexpr std::size_t kept_max = 1'000;

}  // namespace

std::shared_ptr<const Document> SqliteRelated::find(const std::string& collection, const std::string& id) const {
    const std::pair key(collection, id);
    if (const auto found = kept_.find(key); found != kept_.end()) return found->second;
    std::shared_ptr<const Document> document = read(collection, id);
    if (kept_.size() == kept_max) kept_.clear();
    kept_.emplace(key, document);
    return document;
}

std::shared_ptr<const Document> SqliteRelated::read(const std::string& collection, const std::string& id) const {
    const TablePtr table = source_.layout.find(collection);
    if (!table) return nullptr;
    const std::optional<std::string> text = document_text(source_.database, *table, id);
    return text ? std::make_shared<const Document>(parse_document(*text)) : nullptr;
}

}  // namespace limp::store
