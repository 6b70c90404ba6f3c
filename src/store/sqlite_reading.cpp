#include "store/sqlite_reading.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "query/matcher.hpp"
#include "store/selection.hpp"
#include "store/unique.hpp"

namespace limp::store {

namespace {

// Those of the rows' documents that match.
void keep_matching(std::vector<Document>& kept, Statement rows, const Filter& filter) {
    while (rows.next())
        if (Document document = parse_document(rows.bytes(0)); query::matches(filter, document))
            kept.push_back(std::move(document));
}

std::vector<Document> matching_by_id(
    Database& database, const Collection& collection, const std::vector<std::string>& ids, const Filter& filter
) {
    const std::string sql = "SELECT doc FROM " + table_of(collection) + " WHERE id = ? AND deleted = 0";
    std::vector<Document> kept;
    for (const std::string& id : ids) keep_matching(kept, database.select(sql, id), filter);
    return kept;
}

// By the side table of unique keys, which has live documents only. A match has one of the texts under that attr, or a
// list with one of them in it: the keys of lists begin with "[[", and "\" comes after "[".
std::vector<Document> matching_by_unique(
    Database& database, const Collection& collection, const std::string& attr, const std::vector<std::string>& texts,
    const Filter& filter
) {
    std::vector<std::string> keys;
    for (const std::string& text : texts) keys.push_back(unique_key(collection, {attr}, Document{{attr, text}})->key);
    std::ranges::sort(keys);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());  // texts may be equal once folded

    const std::string documents_of = "SELECT doc FROM " + table_of(collection) +
                                     " WHERE id IN (SELECT id FROM limp_unique WHERE collection = ? AND attrs = ? AND ";
    std::vector<Document> kept;
    for (const std::string& key : keys)
        keep_matching(kept, database.select(documents_of + "key = ?)", collection.name, attr, key), filter);
    keep_matching(
        kept, database.select(documents_of + R"(key >= '[[' AND key < '[\'))", collection.name, attr), filter
    );
    return kept;
}

// What a query without filter and order asks for, without looking at the other documents.
Found read_newest(Database& database, const Collection& collection, const Query& query) {
    const std::string live = " FROM " + table_of(collection) + " WHERE deleted = 0";
    Found found;
    found.total = database.number("SELECT count(*)" + live);
    const std::int64_t limit = query.limit > 0 ? query.limit : -1;
    Statement rows = database.select("SELECT doc" + live + " ORDER BY id DESC LIMIT ? OFFSET ?", limit, query.skip);
    while (rows.next()) found.docs.push_back(parse_document(rows.bytes(0)));
    return found;
}

std::optional<std::string> first_bytes(Statement rows) {
    if (!rows.next()) return std::nullopt;
    return std::string(rows.bytes(0));
}

}  // namespace

std::string table_of(const Collection& collection) {
    return "\"c_" + collection.name + "\"";
}

Document parse_document(std::string_view text) {
    // What was stored is ours: the limits that calls have are no reason to lose it.
    constexpr base::JsonLimits limits{.depth = 256, .values = std::numeric_limits<std::size_t>::max()};
    return std::move(base::parse_json(text, limits).object());
}

std::optional<std::string> document_text(Database& database, const Collection& collection, const std::string& id) {
    return first_bytes(database.select("SELECT doc FROM " + table_of(collection) + " WHERE id = ? AND deleted = 0", id)
    );
}

std::vector<Document> matching(Database& database, const Collection& collection, const Filter& filter) {
    if (const auto ids = required_texts(filter, "_id")) return matching_by_id(database, collection, *ids, filter);
    for (const std::vector<std::string>& attrs : collection.unique) {
        if (attrs.size() != 1) continue;
        if (const auto texts = required_texts(filter, attrs.front()))
            return matching_by_unique(database, collection, attrs.front(), *texts, filter);
    }
    std::vector<Document> kept;
    const std::string sql = "SELECT doc FROM " + table_of(collection) + " WHERE deleted = 0 ORDER BY n DESC";
    keep_matching(kept, database.select(sql), filter);
    return kept;
}

Found read(Database& database, const Collection& collection, const Query& query) {
    const DatabaseTransaction moment(database, DatabaseTransaction::Kind::read);
    if (query.filter.is_everything() && query.sort.empty()) return read_newest(database, collection, query);
    std::vector<Document> matches = matching(database, collection, query.filter);
    const auto total = static_cast<std::int64_t>(matches.size());
    return {select(std::move(matches), query.sort, query.skip, query.limit), total};
}

std::optional<std::string> credential(Database& database, const std::string& id) {
    return first_bytes(database.select("SELECT credential FROM limp_credentials WHERE id = ?", id));
}

}  // namespace limp::store
