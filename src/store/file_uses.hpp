// store/file_uses.hpp: how many stored documents name a file. Its bytes stay as long as one does.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "limp/value.hpp"

namespace limp::store {

// The ids of the files that a document names, in these of its attrs alone: elsewhere a client may have an object of its
// own making that only looks as if it named one.
std::set<std::string> files_in(const Document& document, const std::vector<std::string>& attrs);

// The same, wherever they stand in the document.
std::set<std::string> files_in(const Document& document);

// Adds up what a batch changes, so that a file which one document gives up and another takes never seems to be
// nobody's.
class FileUses {
public:
    using Counts = std::map<std::string, std::int64_t>;  // by the file's id: so many documents more name it

    void add(const std::set<std::string>& files);
    void remove(const std::set<std::string>& files);
    void exchange(const std::set<std::string>& before, const std::set<std::string>& after);

    // What has changed since the last time; 0 where a file was named for a moment only.
    Counts take() { return std::exchange(counts_, {}); }

private:
    Counts counts_;
};

}  // namespace limp::store
