// What the tests of the SQLite driver share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "limp/store.hpp"

struct sqlite3;

namespace limp::store {

// Another program's look at the file: plain SQLite, as its shell.
class Shell {
public:
    explicit Shell(const std::filesystem::path& file);
    ~Shell();
    Shell(const Shell&) = delete;
    Shell& operator=(const Shell&) = delete;

    // What the shell prints for that SQL: the columns of each row with "|" between. Throws std::runtime_error.
    std::string run(const std::string& sql);

private:
    sqlite3* connection_ = nullptr;
};

// The same in one step, where an error fails the test.
std::string shell(const std::filesystem::path& file, const std::string& sql);

// The store of that file, ready for people(). The listener, if any, learns of its commits.
std::unique_ptr<Store> open_people(
    const std::filesystem::path& file, std::function<void(const LoggedBatch&)> listener = nullptr
);

// Moves what the log holds into the file, as far as nobody reads it still. That may fail: nobody was promised it.
void checkpoint(const std::filesystem::path& file);

// Closes the store of that file and fails the test when what it holds does not agree with itself: SQLite's own check,
// the unique keys with the documents, and the change log, taken back step by step from the documents to the empty
// store.
void close_and_check(std::unique_ptr<Store> store, const std::filesystem::path& file);

// All batches of the change log after that number.
std::vector<LoggedBatch> log_after(Store& store, std::int64_t number);

// Of what is tried at many moments, one in so many is: sanitizers are slow, and what they look for shows at any moment.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
inline constexpr int thinning = 5;
#else
inline constexpr int thinning = 1;
#endif
#else
inline constexpr int thinning = 1;
#endif

// How often a test of chance is run, each time with another seed: LIMP_TORTURE_ROUNDS, else as usual.
int torture_rounds(int usual);

}  // namespace limp::store
