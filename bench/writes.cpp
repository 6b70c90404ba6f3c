// bench_writes FILE SECONDS DOCUMENT: what durable writes cost without limpd, one transaction a document: a table as
// limpd keeps it, with an index on the id, flushed before the next begins. FILE must not be there yet.
//
// One line of JSON comes out: writes in a second, and µs of CPU for each.
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;

void check(sqlite3* database, int code) {
    if (code != SQLITE_OK && code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(database));
}

void run_sql(sqlite3* database, const char* sql) {
    check(database, sqlite3_exec(database, sql, nullptr, nullptr, nullptr));
}

double cpu_us() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

// In the order of arrival, as limpd's ids are.
void insert(sqlite3* database, sqlite3_stmt* statement, long number, const std::string& document) {
    char id[25];
    std::snprintf(id, sizeof id, "%024lx", number);
    check(database, sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC));
    check(database, sqlite3_bind_text64(statement, 2, document.data(), document.size(), SQLITE_STATIC, SQLITE_UTF8));
    check(database, sqlite3_step(statement));
    check(database, sqlite3_reset(statement));
}

void measure(const char* file, double seconds, const std::string& document) {
    sqlite3* database = nullptr;
    check(database, sqlite3_open(file, &database));
    run_sql(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    run_sql(
        database,
        "CREATE TABLE documents (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
        "deleted INTEGER NOT NULL, doc TEXT NOT NULL)"
    );
    sqlite3_stmt* statement = nullptr;
    const char* sql = "INSERT INTO documents (id, deleted, doc) VALUES (?, 0, ?)";
    check(database, sqlite3_prepare_v2(database, sql, -1, &statement, nullptr));

    const auto began = Clock::now();
    const double began_cpu_us = cpu_us();
    const auto end = began + std::chrono::duration<double>(seconds);
    long writes = 0;
    while (Clock::now() < end) insert(database, statement, ++writes, document);
    const double took = std::chrono::duration<double>(Clock::now() - began).count();
    const auto count = static_cast<double>(writes);
    std::printf(
        R"({"per_second":%.1f,"server_us":%.2f})"
        "\n",
        count / took, (cpu_us() - began_cpu_us) / count
    );
    sqlite3_finalize(statement);
    sqlite3_close(database);
}

}  // namespace

int main(int count, char** words) {
    if (count != 4) {
        std::fprintf(stderr, "bench_writes FILE SECONDS DOCUMENT\n");
        return 2;
    }
    try {
        measure(words[1], std::stod(words[2]), words[3]);
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_writes: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
