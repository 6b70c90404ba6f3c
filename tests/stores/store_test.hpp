// What the tests of the stores share: a store of each driver, and verbs that let a test read as a story.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "limp/store.hpp"
#include "store/stores.hpp"

namespace limp::store {

// A folder of its own for each test, gone afterwards.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

struct Driver {
    std::string name;
    std::function<std::unique_ptr<Store>(const Folder&, const Options&)> open;

    friend void PrintTo(const Driver& driver, std::ostream* out) { *out << driver.name; }
};

// A collection with these unique attrs.
Collection collection(
    std::string name, std::vector<std::vector<std::string>> unique = {}, std::vector<std::string> folded = {}
);

// The collection of these tests: "email" (folded) is unique, and so is "owner" with "name"; "photo" and "scans" hold
// files.
Collection people();

// "000…0012" for 12: later numbers are newer ids.
std::string id(int number);

// The document of that number, with these attrs.
Document person(int number, Document attrs = {});

Change create(Document document);
Change update(Filter filter, Document set);
Change soft_delete(Filter filter);
Change hard_delete(Filter filter);
Change credential(std::string id, std::string text);
Change file(std::string id, std::string bytes);

Filter by_id(int number);

Condition condition(std::string attr, Condition::Operator oper, std::vector<Value> operands);

// On any store, in the collection of people, waiting for the end.
std::vector<Changed> write(Store& store, std::vector<Change> changes);
Changed write(Store& store, Change change);
Found read(Store& store, Query query);
Found read(Store& store, Filter filter = {});
std::vector<std::string> ids(const Found& found);
std::vector<std::string> ids(std::initializer_list<int> numbers);
std::optional<Document> find(Store& store, int number);
std::optional<std::string> credential_of(Store& store, const std::string& id);
std::optional<std::string> file_of(Store& store, const std::string& id);

// The attrs of the Conflict of that kind that the write ends with. Fails the test, and gives nothing, when it ends
// otherwise.
std::vector<std::string> conflict(Store& store, Conflict::Kind kind, std::vector<Change> changes);
std::vector<std::string> duplicate(Store& store, std::vector<Change> changes);

// Runs `count` tasks at once on a loop of this thread, to the end of all.
void run_at_once(int count, const std::function<Task<>(int)>& make);

// The same on several threads, which number their tasks on.
void run_on_threads(int threads, int count, const std::function<Task<>(int)>& make);

class StoreTest : public testing::TestWithParam<Driver> {
protected:
    void SetUp() override {
        store_ = GetParam().open(folder_, {});
        store_->prepare({people()});
    }

    Store& store() { return *store_; }

private:
    Folder folder_;
    std::unique_ptr<Store> store_;
};

}  // namespace limp::store
