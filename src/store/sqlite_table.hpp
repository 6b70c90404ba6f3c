// store/sqlite_table.hpp: a collection as SQLite keeps it: its tables, their columns, and the SQL for one document.
//
// Tables   c_<collection> has a row for each document, v_<collection> what columns of that row cannot hold: the
// elements
//          of lists, and which documents have a misfit, a value that is not what its column holds. docs/storage.md.
// Columns  They say what live documents hold: a soft-deleted one has none. Missing, null and misfits are NULL.
// Names    Everything that comes from a declaration is quoted here; readers put these names into SQL as they are.
// Threads  Any: a table never changes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "limp/store.hpp"

namespace limp::store {

class Table {
public:
    struct Column {
        Collection::Column declared;
        std::string name;  // as SQL writes it; empty where it is a list: no column of the row, but rows of `values`

        // Whether the column can hold the value as a whole, where it is a list: as an element.
        bool fits(const Value& value) const;
    };

    // A row of `values`: an element of a list under its attr; under no_attr the name of an attr that is a misfit.
    struct Entry {
        std::string attr;
        Value value;
    };
    static constexpr std::string_view no_attr;

    // Requires: the declaration was checked (store/collections.hpp).
    explicit Table(Collection collection);

    const Collection& collection() const { return collection_; }

    // The tables as SQL writes them.
    const std::string& documents() const { return documents_; }
    const std::string& values() const { return values_; }

    // The declared ones.
    const std::vector<Column>& columns() const { return columns_; }

    // What an attr is found by, if anything: a declared column, or the "id" that every document has.
    const Column* column(std::string_view attr) const;

    // Whether this is one of the attrs that are unique alone.
    bool is_unique(std::string_view attr) const;

    // For columns that are no lists, in their order: what the document has in them.
    std::vector<Value> cells(const Document& document) const;

    // Each once, in an order that is always the same.
    std::vector<Entry> entries(const Document& document) const;

    // Gives the doc of a live document. Parameters: id.
    const std::string& select_document() const { return select_document_; }
    // Parameters: id, doc, cells.
    const std::string& insert_document() const { return insert_document_; }
    // Parameters: doc, id.
    const std::string& update_text() const { return update_text_; }
    // Parameters: doc, deleted, cells, id.
    const std::string& update_document() const { return update_document_; }
    // Parameters: cells, id. Only where there are cells.
    const std::string& update_cells() const { return update_cells_; }
    // Parameters: id.
    const std::string& delete_document() const { return delete_document_; }
    // Parameters: attr, value, id.
    const std::string& insert_entry() const { return insert_entry_; }
    const std::string& delete_entry() const { return delete_entry_; }

private:
    void write_statements();

    Collection collection_;
    std::string documents_;
    std::string values_;
    std::vector<Column> columns_;
    std::string select_document_;
    std::string insert_document_;
    std::string update_text_;
    std::string update_document_;
    std::string update_cells_;
    std::string delete_document_;
    std::string insert_entry_;
    std::string delete_entry_;
};

// What the second list has not. Both as entries() gives them.
std::vector<Table::Entry> without(const std::vector<Table::Entry>& left, const std::vector<Table::Entry>& right);

// The attr's name in other letters where SQLite's names would not tell it from another's: they ignore case.
std::string plain_name(std::string_view attr);

// The name between the quotes of SQL.
std::string quote(std::string_view name);

}  // namespace limp::store
