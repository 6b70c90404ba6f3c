#include "store/sqlite_table.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "query/compare.hpp"
#include "store/stored.hpp"

namespace limp::store {

namespace {

// Entries of one attr are of one kind.
bool comes_before(const Table::Entry& left, const Table::Entry& right) {
    if (left.attr != right.attr) return left.attr < right.attr;
    if (left.value.is_bool() && right.value.is_bool()) return left.value.boolean() < right.value.boolean();
    return query::compare(left.value, right.value) < 0;
}

bool is_absent(const Value* value) {
    return !value || value->is_null();
}

}  // namespace

// "^" stands before what was a large letter, and before itself.
std::string plain_name(std::string_view attr) {
    std::string name;
    for (const char letter : attr) {
        const bool is_large = letter >= 'A' && letter <= 'Z';
        if (is_large || letter == '^') name += '^';
        name += is_large ? static_cast<char>(letter - 'A' + 'a') : letter;
    }
    return name;
}

std::string quote(std::string_view name) {
    std::string text = "\"";
    for (const char letter : name) text.append(letter == '"' ? 2 : 1, letter);
    return text + '"';
}

bool Table::Column::fits(const Value& value) const {
    switch (declared.holds) {
        case Collection::Column::Holds::text:
            return value.is_string();
        case Collection::Column::Holds::integer:
        case Collection::Column::Holds::number:
            return value.is_int() || (value.is_real() && value.real() == value.real());  // no NaN: it is NULL in SQLite
        case Collection::Column::Holds::boolean:
            return value.is_bool();
    }
    return false;
}

Table::Table(Collection collection)
    : collection_(std::move(collection)),
      documents_(quote("c_" + collection_.name)),
      values_(quote("v_" + collection_.name)) {
    for (const Collection::Column& column : collection_.columns)
        columns_.push_back({column, column.is_list ? std::string() : quote("a_" + plain_name(column.attr))});
    write_statements();
}

void Table::write_statements() {
    std::string names, places, settings;
    for (const Column& column : columns_) {
        if (column.declared.is_list) continue;
        names += ", " + column.name;
        places += ", ?";
        settings += ", " + column.name + " = ?";
    }
    select_document_ = "SELECT doc FROM " + documents_ + " WHERE id = ? AND deleted = 0";
    insert_document_ =
        "INSERT INTO " + documents_ + " (id, doc" + names + ") VALUES (?, ?" + places + ") ON CONFLICT (id) DO NOTHING";
    update_text_ = "UPDATE " + documents_ + " SET doc = ? WHERE id = ?";
    update_document_ = "UPDATE " + documents_ + " SET doc = ?, deleted = ?" + settings + " WHERE id = ?";
    if (!settings.empty()) update_cells_ = "UPDATE " + documents_ + " SET " + settings.substr(2) + " WHERE id = ?";
    delete_document_ = "DELETE FROM " + documents_ + " WHERE id = ?";
    const std::string row = "(SELECT n FROM " + documents_ + " WHERE id = ?)";
    insert_entry_ = "INSERT OR IGNORE INTO " + values_ + " (attr, value, n) VALUES (?, ?, " + row + ")";
    delete_entry_ = "DELETE FROM " + values_ + " WHERE attr = ? AND value = ? AND n = " + row;
}

const Table::Column* Table::column(std::string_view attr) const {
    static const Column id = {{"_id", Collection::Column::Holds::text, false}, "id"};
    if (attr == id.declared.attr) return &id;
    const auto found = std::ranges::find_if(columns_, [&](const Column& one) { return one.declared.attr == attr; });
    return found == columns_.end() ? nullptr : &*found;
}

bool Table::is_unique(std::string_view attr) const {
    return std::ranges::any_of(collection_.unique, [&](const std::vector<std::string>& attrs) {
        return attrs.size() == 1 && attrs.front() == attr;
    });
}

std::vector<Value> Table::cells(const Document& document) const {
    std::vector<Value> cells;
    for (const Column& column : columns_) {
        if (column.declared.is_list) continue;
        const Value* value = is_deleted(document) ? nullptr : document.find(column.declared.attr);
        cells.push_back(value && column.fits(*value) ? *value : Value());
    }
    return cells;
}

std::vector<Table::Entry> Table::entries(const Document& document) const {
    std::vector<Entry> entries;
    if (is_deleted(document)) return entries;
    for (const Column& column : columns_) {
        const std::string& attr = column.declared.attr;
        const Value* value = document.find(attr);
        if (is_absent(value)) continue;
        const auto fits = [&](const Value& one) { return column.fits(one); };
        if (!column.declared.is_list) {
            if (!fits(*value)) entries.push_back({std::string(no_attr), attr});
        } else if (value->is_list() && std::ranges::all_of(value->list(), fits)) {
            for (const Value& element : value->list()) entries.push_back({attr, element});
        } else {
            entries.push_back({std::string(no_attr), attr});
        }
    }
    std::ranges::sort(entries, comes_before);
    const auto is_same = [](const Entry& left, const Entry& right) { return !comes_before(left, right); };
    entries.erase(std::unique(entries.begin(), entries.end(), is_same), entries.end());
    return entries;
}

std::vector<Table::Entry> without(const std::vector<Table::Entry>& left, const std::vector<Table::Entry>& right) {
    std::vector<Table::Entry> rest;
    std::ranges::set_difference(left, right, std::back_inserter(rest), comes_before);
    return rest;
}

}  // namespace limp::store
