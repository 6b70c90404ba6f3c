// store/commits.hpp: which batch the world knows of, and which documents have changed since somebody looked.
//
// A batch becomes known in two steps: begin() before anything is told of it, end() when everybody has been told.
// Whoever reads from a snapshot of the database compares the number of its newest batch with begun(): when they are
// equal, what Versions said before the comparison is not newer than the snapshot.
//
// Threads  One publishes, any look.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/versions.hpp"
#include "limp/store.hpp"

namespace limp::store {

class Commits {
public:
    // Tells of a batch that is stored.
    void publish(const LoggedBatch& batch) {
        begun_.store(batch.number);
        // A new document was in nobody's hands.
        for (const LoggedChange& change : batch.changes)
            if (change.kind != LoggedChange::Kind::create) versions_.bump(change.id);
        ended_.store(batch.number);
    }

    // Of the file at its opening.
    void start_at(std::int64_t number) {
        begun_.store(number);
        ended_.store(number);
    }

    std::int64_t begun() const { return begun_.load(); }

    // begun(), unless a batch is being told of at the moment. What is current for its version before and after is all
    // of one moment as long as begun() stays the same.
    std::optional<std::int64_t> settled() const {
        const std::int64_t ended = ended_.load();
        return begun_.load() == ended ? std::optional(ended) : std::nullopt;
    }

    std::uint64_t version_of(std::string_view id) const { return versions_.of(id); }

private:
    static constexpr std::size_t counters = 32'768;  // 256 KiB; writes between reads of a document rarely meet its own

    std::atomic<std::int64_t> begun_ = 0;
    std::atomic<std::int64_t> ended_ = 0;
    base::Versions versions_{counters};
};

}  // namespace limp::store
