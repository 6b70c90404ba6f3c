#include "store/document_cache.hpp"

#include <utility>

namespace limp::store {

std::size_t DocumentCache::Entry::bytes() const {
    constexpr std::size_t keeping = 256;  // list, map and shared pointer nodes, measured roughly
    return text->text.size() + text->attrs.size() * sizeof(DocText::Attr) + collection.size() + id.size() + keeping;
}

void DocumentCache::Part::drop(Entries::iterator entry) {
    bytes -= entry->bytes();
    places.erase(entry->key());
    entries.erase(entry);
}

DocTextPtr DocumentCache::find(std::string_view collection, std::string_view id, std::uint64_t version) {
    const Key key{collection, id};
    Part& part = part_of(key);
    const std::lock_guard lock(part.mutex);
    const auto place = part.places.find(key);
    if (place == part.places.end()) return nullptr;
    const Entries::iterator entry = place->second;
    if (entry->version != version) {
        part.drop(entry);
        return nullptr;
    }
    part.entries.splice(part.entries.begin(), part.entries, entry);
    return entry->text;
}

void DocumentCache::put(std::string_view collection, std::string_view id, std::uint64_t version, DocTextPtr text) {
    Entry entry{std::string(collection), std::string(id), version, std::move(text)};
    if (entry.bytes() > part_bytes_max_) return;
    Part& part = part_of(entry.key());
    const std::lock_guard lock(part.mutex);
    if (const auto before = part.places.find(entry.key()); before != part.places.end()) part.drop(before->second);
    part.bytes += entry.bytes();
    part.entries.push_front(std::move(entry));
    part.places.emplace(part.entries.front().key(), part.entries.begin());
    while (part.bytes > part_bytes_max_) part.drop(std::prev(part.entries.end()));
}

std::size_t DocumentCache::bytes() const {
    std::size_t total = 0;
    for (const Part& part : parts_) {
        const std::lock_guard lock(part.mutex);
        total += part.bytes;
    }
    return total;
}

}  // namespace limp::store
