// Several writers at once, and how to see afterwards that each of their batches was stored whole.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "limp/store.hpp"

namespace limp::store {

// Stores the document 0, which counts the batches. Before the first writers.
void prepare_for_writers(Store& store);

// What becomes of a batch.
enum class Answer { stored, unavailable };

// Runs eight writers on two threads, each writing one batch after the other, until `goes_on` says no. It is called with
// the number of each batch and its answer, on the writer's thread; the numbers begin at `first`.
void run_writers(Store& store, int first, const std::function<bool(int, Answer)>& goes_on);

// Closes the store and checks it as close_and_check() does; besides, every acknowledged batch is there, and none is
// half there. Gives the numbers of the batches that are there. Fails the test else.
std::set<int> close_and_check_batches(
    std::unique_ptr<Store> store, const std::filesystem::path& file, const std::vector<int>& acknowledged
);

}  // namespace limp::store
