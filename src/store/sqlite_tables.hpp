// store/sqlite_tables.hpp: the tables that prepare() has seen, and moments to read them at.
//
// Threads  Any. A table that was looked up stays valid when prepare() replaces it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "limp/store.hpp"
#include "store/sqlite_database.hpp"
#include "store/sqlite_table.hpp"

namespace limp::store {

using TablePtr = std::shared_ptr<const Table>;

class Tables {
public:
    // Commits a new layout and makes it known, in one: a Moment sees both or neither.
    void set(const std::vector<Collection>& collections, const std::function<void()>& commit);

    // Throws std::logic_error when nobody has prepared it: a fault of the caller.
    TablePtr get(const std::string& name) const;

    // A read transaction, and a table as it is in it.
    class Moment {
    public:
        // They outlive it. Throws as get() does.
        Moment(const Tables& tables, const std::string& name, Database& database);

        const Table& table() const { return *table_; }

    private:
        using Hold = std::shared_lock<std::shared_mutex>;
        Moment(const Tables& tables, const std::string& name, Database& database, const Hold& hold);

        TablePtr table_;
        DatabaseTransaction transaction_;
    };

private:
    mutable std::shared_mutex layout_;  // held alone while a layout is committed and made known
    mutable std::mutex mutex_;
    std::map<std::string, TablePtr> known_;
};

}  // namespace limp::store
