#include "store/sqlite_reading.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <span>
#include <utility>

#include "base/doc_text.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "query/matcher.hpp"
#include "store/selection.hpp"

namespace limp::store {

namespace {

constexpr std::string_view declaration_prefix = "collection:";

// " FROM … WHERE …": the live documents that it lets through.
std::string rows_of(const Table& table, const Where& where, std::string_view hint = {}) {
    std::string sql = " FROM " + table.documents() + std::string(hint) + " WHERE deleted = 0";
    if (where.extent == Where::Extent::some) sql += " AND (" + where.sql + ")";
    return sql;
}

// In any order. Where all are wanted the table itself is walked, whatever indexes there are: an index leads to the
// documents in an order that is not that of the file.
std::string rows_sql(const Table& table, const Where& where) {
    return "SELECT doc" + rows_of(table, where, where.extent == Where::Extent::all ? " NOT INDEXED" : "");
}

// Each document that matches.
void for_each_match(Database& database, const Table& table, const Where& where, const Filter& filter, auto take) {
    if (where.extent == Where::Extent::none) return;
    Statement rows = database.select(rows_sql(table, where), std::span(where.values));
    while (rows.next())
        if (Document document = parse_document(rows.bytes(0));
            where.is_exact || query::Matcher(filter).matches(document))
            take(std::move(document));
}

DocTextPtr text_of(std::string_view stored) {
    return std::make_shared<const DocText>(base::to_doc_text(std::string(stored)));
}

// By SQL alone.
FoundText read_page(
    Database& database, const Table& table, const Where& where, const std::string& order, const Query& query
) {
    FoundText found;
    {
        const std::int64_t most = query.limit > 0 ? query.limit : -1;
        const std::int64_t skipped = std::max<std::int64_t>(query.skip, 0);
        Statement rows = database.select(page_sql(table, where, order), std::span(where.values), most, skipped);
        while (rows.next()) found.docs.push_back(text_of(rows.bytes(0)));
        found.total = skipped + static_cast<std::int64_t>(found.docs.size());
    }
    const bool is_at_end = static_cast<std::int64_t>(found.docs.size()) < query.limit || query.limit <= 0;
    const bool is_past_end = found.docs.empty() && query.skip > 0;
    if (is_at_end && !is_past_end) return found;
    Statement count = database.select(count_sql(table, where), std::span(where.values));
    count.next();
    found.total = count.integer(0);
    return found;
}

FoundText texts_of(Selection& selection) {
    FoundText found{{}, selection.total()};
    for (const Document& document : selection.take())
        found.docs.push_back(std::make_shared<const DocText>(base::to_doc_text(document)));
    return found;
}

FoundText select_matches(Database& database, const Table& table, const Where& where, const Query& query) {
    Selection selection(query.sort, query.skip, query.limit);
    for_each_match(database, table, where, query.filter, [&](Document document) {
        selection.add(std::move(document));
    });
    return texts_of(selection);
}

std::optional<std::string> first_bytes(Statement rows) {
    if (!rows.next()) return std::nullopt;
    return std::string(rows.bytes(0));
}

}  // namespace

Document parse_document(std::string_view text) {
    // What was stored is ours: the limits that calls have are no reason to lose it.
    constexpr base::JsonLimits limits{.depth = 256, .values = std::numeric_limits<std::size_t>::max()};
    return std::move(base::parse_json(text, limits).object());
}

std::optional<std::string> document_text(Database& database, const Table& table, const std::string& id) {
    return first_bytes(database.select(table.select_document(), id));
}

std::vector<Document> matching(Database& database, const Table& table, const Filter& filter) {
    std::vector<Document> matches;
    for_each_match(database, table, where(filter, table, database), filter, [&](Document document) {
        matches.push_back(std::move(document));
    });
    return matches;
}

FoundText read(Database& database, const Table& table, const Query& query) {
    const Where wanted = where(query.filter, table, database);
    if (wanted.extent == Where::Extent::none) return {};
    const auto order = order_by(query.sort, table, database);
    if (wanted.is_exact && order) return read_page(database, table, wanted, *order, query);
    return select_matches(database, table, wanted, query);
}

std::optional<FoundText> look_up(
    Database& database, const Table& table, const std::string& attr, const std::vector<std::string>& texts,
    const Query& query, std::int64_t rows_max
) {
    const Where among = among_unique(table, attr, List(texts.begin(), texts.end()));
    if (among.extent == Where::Extent::none) return FoundText();
    Statement rows = database.select(rows_sql(table, among) + " LIMIT ?", std::span(among.values), rows_max + 1);
    Selection selection(query.sort, query.skip, query.limit);
    for (std::int64_t seen = 0; rows.next(); ++seen) {
        if (seen == rows_max) return std::nullopt;
        if (Document document = parse_document(rows.bytes(0)); query::Matcher(query.filter).matches(document))
            selection.add(std::move(document));
    }
    return texts_of(selection);
}

void for_each(Database& database, const Table& table, const std::function<void(const Document&)>& visit) {
    constexpr std::int64_t at_once = 256;
    const std::string sql =
        "SELECT n, doc FROM " + table.documents() + " WHERE deleted = 0 AND n > ? ORDER BY n LIMIT ?";
    std::int64_t seen = std::numeric_limits<std::int64_t>::min();
    for (;;) {
        std::vector<Document> some;
        {
            Statement rows = database.select(sql, seen, at_once);
            while (rows.next()) {
                seen = rows.integer(0);
                some.push_back(parse_document(rows.bytes(1)));
            }
        }
        if (some.empty()) return;
        for (const Document& document : some) visit(document);
    }
}

std::vector<std::string> declared_collections(Database& database) {
    std::vector<std::string> names;
    Statement rows = database.select("SELECT name FROM limp_meta WHERE name >= 'collection:' AND name < 'collection;'");
    while (rows.next()) names.emplace_back(rows.bytes(0).substr(declaration_prefix.size()));
    return names;
}

std::int64_t count_documents(Database& database, const std::string& collection) {
    Collection named;
    named.name = collection;
    return database.number("SELECT count(*) FROM " + Table(named).documents() + " WHERE deleted = 0");
}

std::optional<std::string> declaration(Database& database, const Collection& collection) {
    return first_bytes(database.select("SELECT value FROM limp_meta WHERE name = ?", declaration_name(collection)));
}

std::string declaration_name(const Collection& collection) {
    return std::string(declaration_prefix) + collection.name;
}

std::string page_sql(const Table& table, const Where& where, const std::string& order) {
    return "SELECT doc" + rows_of(table, where) + " ORDER BY " + order + " LIMIT ? OFFSET ?";
}

std::string count_sql(const Table& table, const Where& where) {
    return "SELECT count(*)" + rows_of(table, where);
}

std::optional<std::string> credential(Database& database, const std::string& id) {
    return first_bytes(database.select("SELECT credential FROM limp_credentials WHERE id = ?", id));
}

}  // namespace limp::store
