#include "store/sqlite_lookups.hpp"

#include <chrono>
#include <utility>

#include "base/loop.hpp"
#include "store/sqlite_log.hpp"

namespace limp::store {

namespace {

// A loop must not stand still for another process that repairs or folds back the write-ahead log.
constexpr std::chrono::milliseconds others_wait{50};

// Ends a thread's turn when it goes: once the loop has got to it, or with the loop.
template <class Turns>
class AtEndOfTurn {
public:
    explicit AtEndOfTurn(std::shared_ptr<Turns> turns) : turns_(std::move(turns)) {}
    ~AtEndOfTurn() { turns_->end(thread_); }
    AtEndOfTurn(const AtEndOfTurn&) = delete;
    AtEndOfTurn& operator=(const AtEndOfTurn&) = delete;

private:
    std::shared_ptr<Turns> turns_;
    std::thread::id thread_ = std::this_thread::get_id();
};

}  // namespace

SqliteLookups::SqliteLookups(std::filesystem::path file, const Commits& commits)
    : commits_(commits), turns_(std::make_shared<Turns>(std::move(file))) {}

SqliteLookups::~SqliteLookups() = default;

SqliteLookups::Snapshot SqliteLookups::now() {
    Turn& turn = turns_->of_this_thread(turns_);
    if (!turn.transaction || turn.number != commits_.begun()) {
        turn.transaction.reset();
        turn.transaction.emplace(*turn.database, DatabaseTransaction::Kind::read);
        turn.number = last_batch(*turn.database);
    }
    return {*turn.database, turn.number};
}

SqliteLookups::Turn& SqliteLookups::Turns::of_this_thread(const std::shared_ptr<Turns>& self) {
    const std::lock_guard lock(mutex_);
    Turn& turn = turns_[std::this_thread::get_id()];
    if (!turn.database) {
        turn.database = take_connection();
        base::Loop::current().post([end = std::make_shared<AtEndOfTurn<Turns>>(self)] {});
    }
    return turn;
}

std::unique_ptr<Database> SqliteLookups::Turns::take_connection() {
    if (free_.empty()) {
        auto database = std::make_unique<Database>(file_, Database::Access::read);
        database->wait_for_others(others_wait);
        return database;
    }
    std::unique_ptr<Database> database = std::move(free_.back());
    free_.pop_back();
    return database;
}

void SqliteLookups::Turns::end(std::thread::id thread) {
    const std::lock_guard lock(mutex_);
    const auto turn = turns_.find(thread);
    turn->second.transaction.reset();
    free_.push_back(std::move(turn->second.database));
    turns_.erase(turn);
}

}  // namespace limp::store
