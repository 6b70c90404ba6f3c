#include "store/sqlite_tables.hpp"

#include <stdexcept>
#include <utility>

#include "store/sqlite_log.hpp"

namespace limp::store {

void Tables::set(const std::vector<Collection>& collections, const std::function<void()>& commit) {
    const std::lock_guard alone(layout_);
    commit();
    const std::lock_guard lock(mutex_);
    for (const Collection& collection : collections)
        known_[collection.name] = std::make_shared<const Table>(collection);
}

TablePtr Tables::get(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(name);
    if (found == known_.end()) throw std::logic_error("collection " + name + " was never prepared");
    return found->second;
}

Tables::Moment::Moment(const Tables& tables, const std::string& name, Database& database)
    : Moment(tables, name, database, Hold(tables.layout_)) {}

// While the layout is held, SQLite takes its snapshot: at the first statement that reads.
Tables::Moment::Moment(const Tables& tables, const std::string& name, Database& database, const Hold&)
    : table_(tables.get(name)), transaction_(database, DatabaseTransaction::Kind::read) {
    last_batch(database);
}

}  // namespace limp::store
