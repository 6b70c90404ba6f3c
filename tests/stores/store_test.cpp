#include "store_test.hpp"

#include <stdlib.h>

#include <thread>
#include <utility>

#include "base/loop.hpp"

namespace limp::store {

INSTANTIATE_TEST_SUITE_P(
    Drivers, StoreTest,
    testing::Values(
        Driver{"Memory", [](const Folder&, const Options& options) { return open_memory(options); }},
        Driver{
            "Sqlite",
            [](const Folder& folder, const Options& options) { return open_sqlite(folder / "limp.db", options); }
        }
    ),
    [](const auto& driver) { return driver.param.name; }
);

Folder::Folder() {
    std::string path = std::filesystem::temp_directory_path() / "limp-stores-XXXXXX";
    if (!mkdtemp(path.data())) throw std::runtime_error("no folder for the test");
    path_ = path;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Collection collection(std::string name, std::vector<std::vector<std::string>> unique, std::vector<std::string> folded) {
    Collection made;
    made.name = std::move(name);
    made.unique = std::move(unique);
    made.folded = std::move(folded);
    return made;
}

Collection people() {
    Collection people = collection("person", {{"email"}, {"owner", "name"}}, {"email"});
    people.files = {"photo", "scans"};
    return people;
}

std::string id(int number) {
    const std::string digits = std::to_string(number);
    return std::string(24 - digits.size(), '0') + digits;
}

Document person(int number, Document attrs) {
    Document document = {{"_id", id(number)}};
    for (Member& attr : attrs) document.append(std::move(attr.name), std::move(attr.value));
    return document;
}

Change create(Document document) {
    Change change;
    change.collection = people().name;
    change.document = std::move(document);
    return change;
}

Change update(Filter filter, Document set) {
    Change change;
    change.kind = Change::Kind::update;
    change.collection = people().name;
    change.filter = std::move(filter);
    change.set = std::move(set);
    return change;
}

Change soft_delete(Filter filter) {
    Change change;
    change.kind = Change::Kind::soft_delete;
    change.collection = people().name;
    change.filter = std::move(filter);
    return change;
}

Change hard_delete(Filter filter) {
    Change change = soft_delete(std::move(filter));
    change.kind = Change::Kind::hard_delete;
    return change;
}

Change credential(std::string id, std::string text) {
    Change change;
    change.kind = Change::Kind::credential;
    change.id = std::move(id);
    change.text = std::move(text);
    return change;
}

Change file(std::string id, std::string bytes) {
    Change change = credential(std::move(id), std::move(bytes));
    change.kind = Change::Kind::file;
    return change;
}

Filter by_id(int number) {
    return Filter::equal("_id", id(number));
}

Condition condition(std::string attr, Condition::Operator oper, std::vector<Value> operands) {
    Condition condition;
    condition.path.push_back(std::move(attr));
    condition.oper = oper;
    condition.operands = std::move(operands);
    return condition;
}

std::vector<Changed> write(Store& store, std::vector<Change> changes) {
    return base::run_to_end(store.write(Batch{std::move(changes)}));
}

Changed write(Store& store, Change change) {
    return write(store, std::vector<Change>{std::move(change)}).at(0);
}

Found read(Store& store, Query query) {
    return base::run_to_end(store.read(people().name, std::move(query)));
}

Found read(Store& store, Filter filter) {
    Query query;
    query.filter = std::move(filter);
    return read(store, std::move(query));
}

std::vector<std::string> ids(const Found& found) {
    std::vector<std::string> ids;
    for (const Document& document : found.docs) ids.push_back(document.find("_id")->string());
    return ids;
}

std::vector<std::string> ids(std::initializer_list<int> numbers) {
    std::vector<std::string> ids;
    for (const int number : numbers) ids.push_back(id(number));
    return ids;
}

std::optional<Document> find(Store& store, int number) {
    Found found = read(store, by_id(number));
    EXPECT_EQ(found.total, static_cast<std::int64_t>(found.docs.size()));
    if (found.docs.empty()) return std::nullopt;
    return std::move(found.docs.front());
}

std::optional<std::string> credential_of(Store& store, const std::string& id) {
    return base::run_to_end(store.credential(id));
}

std::optional<std::string> file_of(Store& store, const std::string& id) {
    const std::optional<Bytes> bytes = base::run_to_end(store.file(id));
    return bytes ? std::optional(bytes->text()) : std::nullopt;
}

std::vector<std::string> conflict(Store& store, Conflict::Kind kind, std::vector<Change> changes) {
    try {
        write(store, std::move(changes));
    } catch (const Conflict& conflict) {
        EXPECT_EQ(conflict.kind, kind);
        EXPECT_EQ(conflict.collection, people().name);
        return conflict.attrs;
    }
    ADD_FAILURE() << "the write went through";
    return {};
}

std::vector<std::string> duplicate(Store& store, std::vector<Change> changes) {
    return conflict(store, Conflict::Kind::duplicate, std::move(changes));
}

void run_at_once(int count, const std::function<Task<>(int)>& make) {
    base::Loop loop;
    int left = count;
    const auto then_count = [&](Task<> task) -> Task<> {
        try {
            co_await std::move(task);
        } catch (const std::exception& error) {
            ADD_FAILURE() << error.what();
        }
        if (--left == 0) loop.stop();
    };
    loop.post([&] {
        for (int number = 0; number < count; ++number) base::spawn("test", then_count(make(number)));
    });
    loop.run();
}

void run_on_threads(int threads, int count, const std::function<Task<>(int)>& make) {
    std::vector<std::thread> running;
    for (int thread = 0; thread < threads; ++thread)
        running.emplace_back([=, &make] {
            run_at_once(count, [&](int number) { return make(thread * count + number); });
        });
    for (std::thread& thread : running) thread.join();
}

}  // namespace limp::store
