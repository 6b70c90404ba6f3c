// store/document_cache.hpp: the texts of documents that were read lately.
//
// An entry remembers the version of its document (store/commits.hpp) from before it was read, and is found only while
// that is the version still: nobody has to tell the cache of changes, and a late insert cannot make it stale.
//
// Memory   Bounded by bytes; what was not asked for longest goes first.
// Threads  Any. Shared by all, so that memory is counted once and every thread finds what another has read; a lock of
//          one part in 64 is held for the time of a look-up.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "limp/doc_text.hpp"

namespace limp::store {

class DocumentCache {
public:
    explicit DocumentCache(std::size_t bytes_max) : part_bytes_max_(bytes_max / part_count) {}

    // The text, or nullptr when it is not kept in that version.
    DocTextPtr find(std::string_view collection, std::string_view id, std::uint64_t version);

    void put(std::string_view collection, std::string_view id, std::uint64_t version, DocTextPtr text);

    // Of everything kept, with what keeping costs.
    std::size_t bytes() const;

private:
    static constexpr std::size_t part_count = 64;

    struct Key {
        std::string_view collection;
        std::string_view id;

        friend bool operator==(const Key&, const Key&) = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const {
            return std::hash<std::string_view>{}(key.id) * 31 + std::hash<std::string_view>{}(key.collection);
        }
    };
    struct Entry {
        std::string collection;
        std::string id;
        std::uint64_t version;
        DocTextPtr text;

        Key key() const { return {collection, id}; }
        std::size_t bytes() const;
    };
    using Entries = std::list<Entry>;  // the one asked for last comes first

    struct Part {
        mutable std::mutex mutex;
        Entries entries;
        std::unordered_map<Key, Entries::iterator, KeyHash> places;  // the keys look into the entries
        std::size_t bytes = 0;

        void drop(Entries::iterator entry);
    };

    Part& part_of(const Key& key) { return parts_[KeyHash{}(key) % part_count]; }

    const std::size_t part_bytes_max_;
    std::array<Part, part_count> parts_;
};

}  // namespace limp::store
