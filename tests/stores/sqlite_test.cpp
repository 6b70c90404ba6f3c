#include "sqlite_test.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <map>
#include <ranges>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "base/json.hpp"
#include "base/loop.hpp"
#include "base/text.hpp"
#include "store/stores.hpp"
#include "store/unique.hpp"
#include "store_test.hpp"

namespace limp::store {

Shell::Shell(const std::filesystem::path& file) {
    if (sqlite3_open(file.c_str(), &connection_) == SQLITE_OK) return;
    const std::string message = sqlite3_errmsg(connection_);
    sqlite3_close(connection_);
    throw std::runtime_error(message);
}

Shell::~Shell() {
    sqlite3_close(connection_);
}

std::string Shell::run(const std::string& sql) {
    std::string printed;
    const auto print = [](void* out, int columns, char** values, char**) {
        for (int column = 0; column < columns; ++column)
            *static_cast<std::string*>(out) += (column ? "|" : "") + std::string(values[column]);
        *static_cast<std::string*>(out) += "\n";
        return 0;
    };
    if (sqlite3_exec(connection_, sql.c_str(), print, &printed, nullptr) != SQLITE_OK)
        throw std::runtime_error(sqlite3_errmsg(connection_));
    return printed;
}

std::string shell(const std::filesystem::path& file, const std::string& sql) {
    try {
        return Shell(file).run(sql);
    } catch (const std::exception& error) {
        ADD_FAILURE() << sql << ": " << error.what();
        return {};
    }
}

std::unique_ptr<Store> open_people(
    const std::filesystem::path& file, std::function<void(const LoggedBatch&)> listener
) {
    std::unique_ptr<Store> store = open_sqlite(file);
    if (listener) store->on_commit(std::move(listener));
    store->prepare({people()});
    return store;
}

void checkpoint(const std::filesystem::path& file) {
    try {
        Shell(file).run("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (const std::runtime_error&) {
        return;
    }
}

namespace {

std::string lines(const std::set<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

using Documents = std::map<std::string, Document>;  // by id

// The soft-deleted ones too.
Documents documents(Shell& shell) {
    Documents documents;
    std::istringstream rows(shell.run("SELECT doc FROM c_person"));
    for (std::string row; std::getline(rows, row);) {
        Document document = base::parse_json(row).object();
        std::string id = document.find("_id")->string();
        documents.emplace(std::move(id), std::move(document));
    }
    return documents;
}

// As limp_unique should have them.
std::string keys_of(const Documents& documents) {
    std::set<std::string> keys;
    for (const auto& [id, document] : documents)
        for (const UniqueKey& key : unique_keys(people(), document))
            keys.insert(base::join(key.attrs, ",") + "|" + key.key + "|" + id);
    return lines(keys);
}

std::string keys_of_table(Shell& shell) {
    std::set<std::string> keys;
    std::istringstream rows(shell.run("SELECT attrs, key, id FROM limp_unique WHERE collection = 'person'"));
    for (std::string row; std::getline(rows, row);) keys.insert(row);
    return lines(keys);
}

// A document as it was before its last change.
void take_back_revision(Document& document) {
    document["_rev"] = document.find("_rev")->integer() - 1;
}

void take_back(const LoggedChange& change, Documents& documents) {
    using Kind = LoggedChange::Kind;
    if (change.kind == Kind::credential) return;
    if (change.kind == Kind::hard_delete) {
        EXPECT_TRUE(documents.emplace(change.id, change.before).second) << change.id << " was deleted and is there";
        return;
    }
    const auto found = documents.find(change.id);
    ASSERT_NE(found, documents.end()) << change.id << " is in the log and not there";
    Document& document = found->second;
    switch (change.kind) {
        case Kind::create:
            EXPECT_EQ(*document.find("_rev"), Value(1)) << change.id;
            documents.erase(found);
            return;
        case Kind::update:
            for (const std::string& attr : change.added) EXPECT_TRUE(document.erase(attr)) << change.id << ": " << attr;
            for (const auto& [attr, value] : change.before) document[attr] = value;
            take_back_revision(document);
            return;
        case Kind::soft_delete:
            EXPECT_TRUE(document.erase("__deleted")) << change.id;
            take_back_revision(document);
            return;
        case Kind::undelete:
            EXPECT_FALSE(document.contains("__deleted")) << change.id;
            document["__deleted"] = true;
            take_back_revision(document);
            return;
        default:
            return;
    }
}

void check_log(const std::vector<LoggedBatch>& log, Documents documents) {
    std::int64_t number = 0;
    for (const LoggedBatch& batch : log) EXPECT_EQ(batch.number, ++number);
    for (const LoggedBatch& batch : log | std::views::reverse)
        for (const LoggedChange& change : batch.changes | std::views::reverse) take_back(change, documents);
    EXPECT_EQ(documents.size(), 0u) << documents.begin()->first << " is there and not in the log";
}

}  // namespace

void close_and_check(std::unique_ptr<Store> store, const std::filesystem::path& file) {
    const std::vector<LoggedBatch> log = log_after(*store, 0);
    store = nullptr;
    Shell shell(file);
    EXPECT_EQ(shell.run("PRAGMA integrity_check"), "ok\n");
    const Documents stored = documents(shell);
    EXPECT_EQ(keys_of_table(shell), keys_of(stored));
    check_log(log, stored);
}

std::vector<LoggedBatch> log_after(Store& store, std::int64_t number) {
    constexpr std::size_t at_once = 1'000;
    std::vector<LoggedBatch> log;
    for (;;) {
        LogPage page = base::run_to_end(store.log(number, at_once));
        EXPECT_FALSE(page.too_late);
        if (page.batches.empty()) return log;
        number = page.batches.back().number;
        for (LoggedBatch& batch : page.batches) log.push_back(std::move(batch));
        if (number == page.last) return log;
    }
}

int torture_rounds(int usual) {
    const char* rounds = std::getenv("LIMP_TORTURE_ROUNDS");
    return rounds ? std::stoi(rounds) : usual;
}

}  // namespace limp::store
