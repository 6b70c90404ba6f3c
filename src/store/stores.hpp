// store/stores.hpp: the drivers. Each keeps the contract of limp/store.hpp; tests/stores runs the same tests on all.
//
// A store finishes the work that waits before it goes: the loops that called it must outlive it.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <vector>

#include "limp/store.hpp"

namespace limp::store {

struct Options {
    std::size_t log_batches = 100'000;               // the change log keeps these newest batches, and some more
    std::size_t cache_bytes = 64 * 1024 * 1024;      // SQLite: documents kept in memory; 0: none
    std::chrono::milliseconds scan_timeout{30'000};  // SQLite: a read that looks through documents ends after that long
};

// Keeps everything in memory; nothing survives the process. For tests and for trying things out.
std::unique_ptr<Store> open_memory(const Options& options = {});

// One SQLite file (docs/storage.md). Makes it, and its folder, when they are not there. Throws StoreUnavailable with
// a message for people when the file cannot be opened, is no database, is of a newer limpd, or is in use by another.
std::unique_ptr<Store> open_sqlite(const std::filesystem::path& file, const Options& options = {});

// What a start would do to that SQLite file: what prepare() of its store would give or throw, with nothing changed and
// nothing left beside the file, whether or not a limpd runs on it. A file that is not there is an empty one. Throws
// StoreUnavailable as open_sqlite() does.
Prepared rehearse_sqlite(const std::filesystem::path& file, const std::vector<Collection>& collections);

}  // namespace limp::store
