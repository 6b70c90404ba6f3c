#include "store/sqlite_words.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "store/stored.hpp"
#include "store/words.hpp"

namespace limp::store {

namespace {

// FTS5 cuts words at 32 KiB.
constexpr std::size_t word_bytes_max = 1'000;

std::string column_of(const std::string& attr) {
    return quote("w_" + plain_name(attr));
}

// Of each searched attr.
std::vector<Value> texts_of(const Table& table, const Document* document) {
    std::vector<Value> texts;
    for (const std::string& attr : table.collection().searched) {
        const Value* value = document && !is_deleted(*document) ? document->find(attr) : nullptr;
        texts.emplace_back(value ? base::join(words_in(*value), " ") : std::string());
    }
    return texts;
}

bool has_words(const std::vector<Value>& texts) {
    return std::ranges::any_of(texts, [](const Value& text) { return !text.string().empty(); });
}

// `columns` and `values`: what comes before those of the attrs.
std::string insert_sql(const Table& table, const std::string& columns, const std::string& values) {
    std::string names, places;
    for (const std::string& attr : table.collection().searched) {
        names += ", " + column_of(attr);
        places += ", ?";
    }
    return "INSERT INTO " + words_table(table) + " (" + columns + names + ") SELECT " + values + places + " FROM " +
           table.documents() + " WHERE id = ?";
}

// Each word as FTS5 takes what is between quotes: there are only letters and digits in it.
std::string expression_of(const Search& search) {
    std::string columns, words;
    for (const std::string& attr : search.attrs) columns += column_of(attr) + ' ';
    for (const std::string& word : search.words) words += (words.empty() ? "" : " AND ") + quote(word);
    return "{ " + columns + "} : (" + words + (search.last_begins ? "*" : "") + ")";
}

}  // namespace

// The dot keeps the tables that SQLite makes beside it (…_data, …_idx) apart from those of other collections.
std::string words_table(const Table& table) {
    return quote("f_" + table.collection().name + ".words");
}

void lay_out_words(Database& database, const Table& table) {
    database.run("DROP TABLE IF EXISTS " + words_table(table));
    if (table.collection().searched.empty()) return;
    std::string columns;
    for (const std::string& attr : table.collection().searched) columns += column_of(attr) + ", ";
    // The words are made already: "ascii" takes everything that is no ASCII for a letter and parts them at the spaces.
    database.run(
        "CREATE VIRTUAL TABLE " + words_table(table) + " USING fts5(" + columns + "content = '', tokenize = 'ascii')"
    );
}

// A table without content is told what goes, as it does not know.
void change_words(Database& database, const Table& table, const Document* before, const Document* after) {
    if (table.collection().searched.empty()) return;
    const std::vector<Value> old_texts = texts_of(table, before);
    const std::vector<Value> new_texts = texts_of(table, after);
    if (old_texts == new_texts) return;
    const std::string& id = id_of(before ? *before : *after);
    if (has_words(old_texts))
        database.run(insert_sql(table, words_table(table) + ", rowid", "'delete', n"), std::span(old_texts), id);
    if (has_words(new_texts)) database.run(insert_sql(table, "rowid", "n"), std::span(new_texts), id);
}

Where matching_words(const Search& search, const Table& table) {
    const auto is_kept = [&](const std::string& attr) {
        return std::ranges::find(table.collection().searched, attr) != table.collection().searched.end();
    };
    const auto is_long = [](const std::string& word) { return word.size() > word_bytes_max; };
    if (search.words.empty() || search.attrs.empty() || !std::ranges::all_of(search.attrs, is_kept) ||
        std::ranges::any_of(search.words, is_long))
        return whatever();
    return some(words_table(table) + " MATCH ?", {Value(expression_of(search))});
}

}  // namespace limp::store
