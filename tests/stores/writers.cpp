#include "writers.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "sqlite_test.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

constexpr int writers_a_thread = 4;
constexpr int threads = 2;
constexpr int writers = threads * writers_a_thread;

std::string email_of(int writer) {
    return "writer-" + std::to_string(writer);
}

// Hands the writer's e-mail address from its last document to a new one, and counts in the document that all share.
Batch batch(int number, int writer) {
    Batch batch;
    batch.changes = {
        soft_delete(Filter::equal("email", email_of(writer))),
        create(person(number, {{"email", email_of(writer)}})),
        credential(id(number), "hash"),
        update(by_id(0), {{"last", number}}),
    };
    return batch;
}

Task<> write_on(Store& store, int first, int writer, const std::function<bool(int, Answer)>& goes_on) {
    for (int number = first + writer;; number += writers) {
        Answer answer = Answer::stored;
        try {
            co_await store.write(batch(number, writer));
        } catch (const StoreUnavailable&) {
            answer = Answer::unavailable;
        }
        if (!goes_on(number, answer)) co_return;
    }
}

std::set<int> numbers(const std::string& printed) {
    std::set<int> numbers;
    std::istringstream lines(printed);
    for (std::string line; std::getline(lines, line);) numbers.insert(std::stoi(line));
    return numbers;
}

}  // namespace

void prepare_for_writers(Store& store) {
    write(store, create(person(0)));
}

void run_writers(Store& store, int first, const std::function<bool(int, Answer)>& goes_on) {
    run_on_threads(threads, writers_a_thread, [&](int writer) { return write_on(store, first, writer, goes_on); });
}

std::set<int> close_and_check_batches(
    std::unique_ptr<Store> store, const std::filesystem::path& file, const std::vector<int>& acknowledged
) {
    close_and_check(std::move(store), file);
    Shell shell(file);
    const std::set<int> stored = numbers(shell.run("SELECT id FROM c_person WHERE id > '" + id(0) + "'"));
    for (const int number : acknowledged) EXPECT_TRUE(stored.contains(number)) << number << " was acknowledged";

    EXPECT_EQ(numbers(shell.run("SELECT id FROM limp_credentials")), stored);
    const std::string counter = "FROM c_person WHERE id = '" + id(0) + "'";
    EXPECT_EQ(shell.run("SELECT doc ->> '_rev' " + counter), std::to_string(stored.size() + 1) + "\n");
    std::map<int, int> newest;
    for (const int number : stored) newest[number % writers] = number;
    std::set<int> live;
    for (const auto& [writer, number] : newest) live.insert(number);
    EXPECT_EQ(numbers(shell.run("SELECT id FROM c_person WHERE deleted = 0 AND id > '" + id(0) + "'")), live);
    return stored;
}

}  // namespace limp::store
