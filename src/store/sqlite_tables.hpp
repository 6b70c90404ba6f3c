// store/sqlite_tables.hpp: the tables that prepare() has seen, and moments to read them at.
//
// Threads  Any. A table that was looked up stays valid when prepare() replaces it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "limp/store.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_table.hpp"

namespace limp::store {

using TablePtr = std::shared_ptr<const Table>;

// All tables as they are at one moment.
class Layout {
public:
    using Known = std::map<std::string, TablePtr>;

    Layout() = default;
    explicit Layout(std::shared_ptr<const Known> known) : known_(std::move(known)) {}

    // Null when nobody has prepared it.
    TablePtr find(const std::string& name) const;

    // Whether it is the very same.
    friend bool operator==(const Layout&, const Layout&) = default;

private:
    std::shared_ptr<const Known> known_ = std::make_shared<const Known>();
};

// What is read from: a connection, and the tables as its transaction has them.
struct Source {
    Database& database;
    const Layout& layout;
};

class Tables {
public:
    // Commits a new layout and makes it known, in one: a Moment sees both or neither.
    void set(const std::vector<Collection>& collections, const std::function<void()>& commit);

    // Throws std::logic_error when nobody has prepared it: a fault of the caller.
    TablePtr get(const std::string& name) const;

    Layout layout() const;

    // A read transaction, and a table as it is in it.
    class Moment {
    public:
        // They outlive it. Throws as get() does.
        Moment(const Tables& tables, const std::string& name, Database& database);

        const Table& table() const { return *table_; }
        Source source() const { return {database_, layout_}; }

        // The number of the newest batch in it.
        std::int64_t batch() const { return batch_; }

    private:
        using Hold = std::shared_lock<std::shared_mutex>;
        Moment(const Tables& tables, const std::string& name, Database& database, const Hold& hold);

        Database& database_;
        Layout layout_;
        TablePtr table_;
        DatabaseTransaction transaction_;
        std::int64_t batch_;
    };

private:
    mutable std::shared_mutex layout_;  // held alone while a layout is committed and made known
    mutable std::mutex mutex_;
    std::shared_ptr<const Layout::Known> known_ = std::make_shared<const Layout::Known>();  // replaced as a whole
};

}  // namespace limp::store
