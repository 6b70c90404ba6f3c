#include "store/sqlite_reading.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <span>
#include <utility>

#include "base/doc_text.hpp"
#include "query/matcher.hpp"
#include "store/facet_counts.hpp"
#include "store/finding.hpp"
#include "store/selection.hpp"
#include "store/sqlite_order.hpp"
#include "store/sqlite_points.hpp"
#include "store/sqlite_related.hpp"
#include "store/sqlite_words.hpp"
#include "store/stored.hpp"

namespace limp::store {

namespace {

constexpr std::string_view declaration_prefix = "collection:";

// Where all are wanted in any order the table itself is walked, whatever indexes there are: an index leads to the
// documents in an order that is not that of the file.
Rows in_any_order(const Table& table, Where where, bool are_deleted = false) {
    const bool are_all = where.extent == Where::Extent::all;
    return {table.documents() + (are_all ? " NOT INDEXED" : ""), std::move(where), are_deleted};
}

DocTextPtr text_of(std::string_view stored) {
    return std::make_shared<const DocText>(base::to_doc_text(std::string(stored)));
}

// One query, answered.
class Reading {
public:
    Reading(const Counts::Moment& moment, const Table& table, const Query& query, Counts& counts)
        : moment_(moment), source_(moment.source), table_(table), query_(query), counts_(counts), related_(source_) {}

    FoundText read() {
        const Where wanted = found_by(query_.filter, is_ranked());
        if (wanted.extent != Where::Extent::none && !read_page(wanted)) select(wanted);
        for (const Facet& facet : query_.facets) found_.facets.push_back(buckets(facet));
        found_.walked = std::max<std::int64_t>(found_.walked - std::ssize(found_.docs), 0);
        return std::move(found_);
    }

private:
    // By relevance: the table of words has to stand in the FROM for that.
    bool is_ranked() const { return query_.search && !is_sorted(query_) && !query_.deleted && words().is_exact; }
    Where words() const { return matching_words(*query_.search, table_); }

    // What a filter, the words and the place that are asked for let through.
    Where found_by(const Filter& filter, bool ranked) const {
        if (query_.deleted) return among_deleted(filter);
        std::vector<Where> all;
        if (query_.search) all.push_back(by_words(ranked));
        if (query_.near) all.push_back(in_reach(*query_.near, table_));
        all.push_back(where(filter, table_, source_));
        return join(std::move(all), Joint::conjunction);
    }

    // Columns and tables beside them say nothing of documents that are deleted.
    static Where among_deleted(const Filter& filter) {
        const auto ids = required_texts(filter, "_id");
        Where where = ids ? is_one_of("id", List(ids->begin(), ids->end())) : whatever();
        where.is_exact = where.extent == Where::Extent::none;
        return where;
    }

    Where by_words(bool ranked) const {
        Where where = words();
        if (!ranked && where.is_exact)
            where.sql = "n IN (SELECT rowid FROM " + words_table(table_) + " WHERE " + where.sql + ")";
        return where;
    }

    // In the order that the query asks for, if there is an index for it.
    Rows in_order(Where where) const {
        std::string from = table_.documents();
        if (is_ranked())
            from = words_table(table_) + " CROSS JOIN " + from + " ON n = " + words_table(table_) + ".rowid";
        return {std::move(from), std::move(where), query_.deleted};
    }

    std::string rank() const { return "bm25(" + words_table(table_) + ")"; }

    std::optional<SqlOrder> order() const {
        if (!is_ranked()) return is_sorted(query_) ? order_by(query_.sort, table_, source_) : std::nullopt;
        const Table::Column* id = table_.column("_id");
        return SqlOrder({{rank(), {}, false, id, 0}, {table_.documents() + ".id", {}, true, id, 1}});
    }

    // By SQL alone; false where that cannot be.
    bool read_page(const Where& wanted) {
        if (!wanted.is_exact || query_.near) return false;
        const std::optional<SqlOrder> sql_order = order();
        if (!sql_order) return false;
        auto parts = query_.after.empty() ? std::vector{everything()} : sql_order->parts_after(query_.after);
        if (!parts || (parts->size() != 1 && query_.skip > 0)) return false;

        for (Where& part : *parts)
            if (!has_enough()) read_part(in_order(join({wanted, std::move(part)}, Joint::conjunction)), *sql_order);
        found_.more = query_.limit > 0 && std::ssize(found_.docs) > query_.limit;
        if (found_.more) found_.docs.pop_back();
        if (found_.more && is_sorted(query_))
            found_.end = query::place_of(query_.sort, parse_document(found_.docs.back()->text), related_);
        found_.total = total(wanted);
        return true;
    }

    bool has_enough() const { return query_.limit > 0 && std::ssize(found_.docs) > query_.limit; }

    // One more than is asked for: whether there are more.
    void read_part(const Rows& part, const SqlOrder& sql_order) {
        if (part.where.extent == Where::Extent::none) return;
        constexpr std::int64_t limit_max = std::numeric_limits<std::int64_t>::max() - 1;
        const bool has_limit = query_.limit > 0 && query_.limit <= limit_max;
        const std::int64_t most = has_limit ? query_.limit + 1 - std::ssize(found_.docs) : -1;
        const std::vector<Value> order_values = sql_order.values();
        Statement rows = source_.database.select(
            page_sql(part, sql_order.sql()), std::span(part.where.values), std::span(order_values), most, skipped()
        );
        while (rows.next()) found_.docs.push_back(text_of(rows.bytes(0)));
        found_.walked += rows.walked();
    }

    std::int64_t skipped() const { return std::max<std::int64_t>(query_.skip, 0); }

    // What was read often tells it, and a count reads no farther than it has to.
    std::int64_t total(const Where& wanted) const {
        const std::int64_t seen = std::ssize(found_.docs) + (found_.more ? 1 : 0);
        const bool is_all = query_.after.empty() && !found_.more && (seen > 0 || skipped() == 0);
        if (is_all || query_.count_to == 0) return counted(skipped() + seen, query_);
        if (seen > 0 && query_.count_to > 0 && seen >= query_.count_to - skipped()) return query_.count_to;
        const Rows all = in_order(wanted);
        const bool is_capped = query_.count_to > 0;
        if (!is_capped) return counts_.number(moment_, count_sql(all), all.where.values);
        std::vector<Value> values = all.where.values;
        values.emplace_back(query_.count_to);
        return counts_.number(moment_, capped_count_sql(all), values);
    }

    // Document by document.
    void select(const Where& wanted) {
        Selection selection(query_, related_);
        const bool ranked = is_ranked();
        const Rows all = ranked ? in_order(wanted) : in_any_order(table_, wanted, query_.deleted);
        for_each_found(all, query_.filter, ranked ? ", -" + rank() : "", [&](Document document, Statement& row) {
            selection.add(document, [&] { return text_of(row.bytes(0)); }, ranked ? row.real(1) : 0);
        });
        const std::int64_t walked = found_.walked;
        found_ = selection.take();
        found_.walked = walked;
    }

    // `more`: what else is selected of each row.
    void for_each_found(const Rows& all, const Filter& filter, const std::string& more, auto take) {
        if (all.where.extent == Where::Extent::none) return;
        const Finding finding = all.where.is_exact ? Finding(query_) : Finding(filter, query_, related_);
        Statement rows = source_.database.select("SELECT doc" + more + all.sql(), std::span(all.where.values));
        for (; rows.next(); ++found_.walked)
            if (Document document = parse_document(rows.bytes(0)); finding.finds(document))
                take(std::move(document), rows);
    }

    std::vector<Bucket> buckets(const Facet& facet) {
        FacetCounts counts(facet);
        const Where wanted = found_by(facet.filter, false);
        if (!count_by_column(facet, wanted, counts))
            for_each_found(
                in_any_order(table_, wanted, query_.deleted), facet.filter, "",
                [&](Document document, Statement&) { counts.add(document); }
            );
        return counts.buckets();
    }

    // By SQL alone; false where that cannot be.
    bool count_by_column(const Facet& facet, const Where& wanted, FacetCounts& counts) const {
        if (wanted.extent == Where::Extent::none) return true;
        const Table::Column* column = exact_column(facet.path, table_, source_.database);
        if (!column || !wanted.is_exact || query_.near) return false;
        std::vector<Value> values = wanted.values;
        if (column->declared.is_list) values.insert(values.begin(), Value(column->declared.attr));
        Statement rows = source_.database.select(values_sql(*column, wanted), std::span(values));
        const bool is_boolean = column->declared.holds == Collection::Column::Holds::boolean;
        while (rows.next()) {
            const Value value = is_boolean ? Value(rows.integer(0) != 0) : rows.value(0);
            counts.add(value, rows.integer(1));
        }
        return true;
    }

    std::string values_sql(const Table::Column& column, const Where& wanted) const {
        const Rows all{table_.documents(), wanted, false};
        if (!column.declared.is_list) {
            const std::string present = " AND " + column.name + " IS NOT NULL";
            return "SELECT " + column.name + ", count(*)" + all.sql() + present + " GROUP BY " + column.name;
        }
        const bool are_all = wanted.extent == Where::Extent::all;
        const std::string of_those = are_all ? "" : " AND n IN (SELECT n" + all.sql() + ")";
        return "SELECT value, count(*) FROM " + table_.values() + " WHERE attr = ?" + of_those + " GROUP BY value";
    }

    const Counts::Moment& moment_;
    const Source& source_;
    const Table& table_;
    const Query& query_;
    Counts& counts_;
    const SqliteRelated related_;
    FoundText found_;
};

std::optional<std::string> first_bytes(Statement rows) {
    if (!rows.next()) return std::nullopt;
    return std::string(rows.bytes(0));
}

}  // namespace

std::optional<std::string> document_text(Database& database, const Table& table, const std::string& id) {
    return first_bytes(database.select(table.select_document(), id));
}

std::vector<Document> matching(const Source& source, const Table& table, const Filter& filter) {
    const Where wanted = where(filter, table, source);
    std::vector<Document> matches;
    if (wanted.extent == Where::Extent::none) return matches;
    const SqliteRelated related(source);
    const query::Matcher matcher(filter, related);
    Statement rows = source.database.select("SELECT doc" + in_any_order(table, wanted).sql(), std::span(wanted.values));
    while (rows.next())
        if (Document document = parse_document(rows.bytes(0)); wanted.is_exact || matcher.matches(document))
            matches.push_back(std::move(document));
    return matches;
}

FoundText read(const Counts::Moment& moment, const Table& table, const Query& query, Counts& counts) {
    return Reading(moment, table, query, counts).read();
}

std::optional<FoundText> look_up(
    Database& database, const Table& table, const std::string& attr, const std::vector<std::string>& texts,
    const Query& query, std::int64_t rows_max
) {
    const Where among = among_unique(table, attr, List(texts.begin(), texts.end()));
    if (among.extent == Where::Extent::none) return FoundText();
    Statement rows = database.select(
        "SELECT doc" + in_any_order(table, among).sql() + " LIMIT ?", std::span(among.values), rows_max + 1
    );
    const query::Matcher matcher(query.filter);
    Selection selection(query, query::no_related());
    for (std::int64_t seen = 0; rows.next(); ++seen) {
        if (seen == rows_max) return std::nullopt;
        if (const Document document = parse_document(rows.bytes(0)); matcher.matches(document))
            selection.add(document, [&] { return text_of(rows.bytes(0)); });
    }
    return selection.take();
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

std::string Rows::sql() const {
    std::string sql = " FROM " + from + " WHERE deleted = " + (are_deleted ? "1" : "0");
    if (where.extent == Where::Extent::some) sql += " AND (" + where.sql + ")";
    return sql;
}

std::string page_sql(const Rows& rows, const std::string& order) {
    return "SELECT doc" + rows.sql() + " ORDER BY " + order + " LIMIT ? OFFSET ?";
}

std::string count_sql(const Rows& rows) {
    return "SELECT count(*)" + rows.sql();
}

std::string capped_count_sql(const Rows& rows) {
    return "SELECT count(*) FROM (SELECT 1" + rows.sql() + " LIMIT ?)";
}

std::optional<std::string> credential(Database& database, const std::string& id) {
    return first_bytes(database.select("SELECT credential FROM limp_credentials WHERE id = ?", id));
}

}  // namespace limp::store
