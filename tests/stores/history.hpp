// What a store was asked to write and what it answered; what it must hold therefore, and what it may.
//
// Model   The memory driver, which is asked the same. A batch that was answered with StoreUnavailable, or was not
//         answered before a crash, may be there after it: whole, and only until the next change of anything.
#pragma once

#include <map>
#include <memory>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "limp/store.hpp"

namespace limp::store {

// All that a store shows of the persons 0 to 11, by id.
struct Contents {
    std::map<std::string, Document> documents;
    std::map<std::string, std::string> credentials;

    friend bool operator==(const Contents&, const Contents&) = default;
    friend void PrintTo(const Contents& contents, std::ostream* out);
};

Contents contents(Store& store);

class History {
public:
    History();

    // Asks the store. False when it is not available; whatever else it answers must be what the model answers, else the
    // test fails.
    bool write(Store& store, const std::vector<Change>& batch);

    // The same in two steps, for a store that was asked earlier: gives what the model answers to the last batch asked.
    void ask(const std::vector<Change>& batch);
    std::string acknowledge();

    // What a store that never stopped holds.
    const Contents& certain() const { return certain_; }

    // Whether a store may hold that after a crash now.
    bool allows(const Contents& found) const;

    // The same, and if so, it is certain from now on.
    bool settle(const Contents& found);

private:
    std::unique_ptr<Store> model_with(const std::vector<Change>& last) const;

    std::unique_ptr<Store> model_;
    Contents certain_;
    std::vector<std::vector<Change>> stored_;
    std::vector<std::vector<Change>> asked_;  // since the last change, without an answer
};

// One to four changes of any kind that may well conflict.
std::vector<Change> random_batch(std::mt19937& random);

}  // namespace limp::store
