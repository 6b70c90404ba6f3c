// engine/uploads.hpp: the files that a connection has sent in pieces, until the call that they are for.
//
// Memory   Bounded for the connection and for all together; what a connection holds goes with it.
// Threads  An Uploads is its connection's; the count of all bytes is shared.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "limp/module.hpp"

namespace limp::engine {

// The bytes that all connections hold.
using UploadedBytes = std::atomic<std::int64_t>;

class Uploads {
public:
    // `all`: shared by those that `all_max` is for.
    Uploads(std::int64_t own_max, std::shared_ptr<UploadedBytes> all, std::int64_t all_max)
        : own_max_(own_max), all_(std::move(all)), all_max_(all_max) {}
    ~Uploads() { clear(); }
    Uploads(const Uploads&) = delete;
    Uploads& operator=(const Uploads&) = delete;

    // The first piece of a file begins it anew; the others come in their order. Throws Refusal: 400
    // CORE_FILE_INVALID_PIECE, 413 CORE_FILE_TOO_LARGE. What had come of that file is then gone.
    void add(FilePiece piece);

    // Puts the files that have come into `doc`, for those of its attrs that hold files, and forgets them. Throws
    // Refusal 400 CORE_FILE_INCOMPLETE.
    void put_into(Document& doc, const Module& module);

    void clear();

private:
    struct File {
        Object head;  // name, type, size, lastModified
        std::int64_t size = 0;
        std::int64_t room = 0;  // that it takes: its bytes, and what is kept beside them
        std::int64_t pieces = 0;
        std::int64_t last = 0;  // piece that has come
        std::string bytes;
    };
    // By attr, and then by index: a shorter one is a lower number.
    using Key = std::pair<std::string, std::pair<std::size_t, std::string>>;
    using Files = std::map<Key, File>;

    File& begin(const Key& key, const FilePiece& piece);
    std::int64_t take_room(std::int64_t size, std::int64_t beside);
    void drop(Files::iterator file);

    std::int64_t own_max_;
    std::shared_ptr<UploadedBytes> all_;
    std::int64_t all_max_;
    std::int64_t own_ = 0;
    Files files_;
};

}  // namespace limp::engine
