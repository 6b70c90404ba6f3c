#include "store/sqlite_log.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.hpp"
#include "store/sqlite_reading.hpp"
#include "store/stored.hpp"

namespace limp::store {

namespace {

using Kind = LoggedChange::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 6> names = {{
    {Kind::create, "create"},
    {Kind::update, "update"},
    {Kind::soft_delete, "soft delete"},
    {Kind::undelete, "undelete"},
    {Kind::hard_delete, "hard delete"},
    {Kind::credential, "credential"},
}};

std::string_view name_of(Kind kind) {
    return std::ranges::find(names, kind, &std::pair<Kind, std::string_view>::first)->second;
}

Kind kind_of(std::string_view name) {
    const auto found = std::ranges::find(names, name, &std::pair<Kind, std::string_view>::second);
    if (found == names.end()) throw std::runtime_error("the change log has an unknown change: " + std::string(name));
    return found->first;
}

// Nothing is kept as no text.
std::string text_of(const Document& before) {
    return before.empty() ? std::string() : base::to_json(before);
}

std::string text_of(const std::vector<std::string>& added) {
    return added.empty() ? std::string() : base::to_json(List(added.begin(), added.end()));
}

LoggedChange read_change(const Statement& row) {
    LoggedChange change;
    change.collection = row.bytes(2);
    change.id = row.bytes(3);
    change.kind = kind_of(row.bytes(4));
    if (const std::string_view before = row.bytes(5); !before.empty()) change.before = parse_document(before);
    if (const std::string_view added = row.bytes(6); !added.empty()) {
        const Value names_added = base::parse_json(added);
        for (const Value& name : names_added.list()) change.added.push_back(name.string());
    }
    return change;
}

}  // namespace

std::int64_t last_batch(Database& database) {
    return database.number("SELECT ifnull(max(batch), 0) FROM limp_log");
}

void append(Database& database, const LoggedBatch& batch) {
    static const std::string sql =
        "INSERT INTO limp_log (batch, place, time, collection, id, change, before, added) "
        "VALUES (?, ?, ?, ?, ?, ?, nullif(?, ''), nullif(?, ''))";
    std::int64_t place = 0;
    for (const LoggedChange& change : batch.changes) {
        database.run(
            sql, batch.number, place++, batch.time_ms, change.collection, change.id, name_of(change.kind),
            text_of(change.before), text_of(change.added)
        );
    }
}

void forget(Database& database, std::int64_t up_to) {
    database.run("DELETE FROM limp_log WHERE batch <= ?", up_to);
}

LogPage read_log(Database& database, std::int64_t after, std::size_t limit) {
    const DatabaseTransaction moment(database, DatabaseTransaction::Kind::read);
    LogPage page;
    page.last = last_batch(database);
    page.too_late = after + 1 < database.number("SELECT ifnull(min(batch), 1) FROM limp_log");
    if (page.too_late) return page;

    Statement rows = database.select(
        "SELECT batch, time, collection, id, change, before, added FROM limp_log WHERE batch > ? ORDER BY batch, place",
        after
    );
    while (rows.next()) {
        const std::int64_t number = rows.integer(0);
        if (page.batches.empty() || page.batches.back().number != number) {
            if (page.batches.size() == limit) break;
            page.batches.push_back({number, rows.integer(1), {}});
        }
        page.batches.back().changes.push_back(read_change(rows));
    }
    return page;
}

}  // namespace limp::store
