#include "store/sqlite_tables.hpp"

#include <stdexcept>
#include <utility>

#include "store/sqlite_log.hpp"

namespace limp::store {

TablePtr Layout::find(const std::string& name) const {
    const auto found = known_->find(name);
    return found == known_->end() ? nullptr : found->second;
}

void Tables::set(const std::vector<Collection>& collections, const std::function<void()>& commit) {
    const std::lock_guard alone(layout_);
    commit();
    const std::lock_guard lock(mutex_);
    Layout::Known known = *known_;
    for (const Collection& collection : collections) known[collection.name] = std::make_shared<const Table>(collection);
    known_ = std::make_shared<const Layout::Known>(std::move(known));
}

Layout Tables::layout() const {
    const std::lock_guard lock(mutex_);
    return Layout(known_);
}

TablePtr Tables::get(const std::string& name) const {
    TablePtr table = layout().find(name);
    if (!table) throw std::logic_error("collection " + name + " was never prepared");
    return table;
}

Tables::Moment::Moment(const Tables& tables, const std::string& name, Database& database)
    : Moment(tables, name, database, Hold(tables.layout_)) {}

// While the layout is held, SQLite takes its snapshot: at the first statement that reads.
Tables::Moment::Moment(const Tables& tables, const std::string& name, Database& database, const Hold&)
    : database_(database),
      layout_(tables.layout()),
      table_(tables.get(name)),
      transaction_(database, DatabaseTransaction::Kind::read),
      batch_(last_batch(database)) {}

}  // namespace limp::store
