// query/matcher.hpp: the filter tree and the sort order, evaluated in process. What it says is what every store driver
// must say.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "limp/query.hpp"
#include "limp/value.hpp"

namespace limp::query {

// Documents of other collections, as of the moment of those that are matched.
class Related {
public:
    virtual ~Related() = default;

    // The live document of that id; null when there is none.
    virtual std::shared_ptr<const Document> find(const std::string& collection, const std::string& id) const = 0;
};

// For filters and orders that go into no other collection: it has no document.
const Related& no_related();

// A filter made ready to look at many documents: patterns are compiled, texts folded.
//
//     const Matcher matcher(filter, related);
//     if (matcher.matches(document)) …
//
// Lifetime  The filter and `related` outlive it.
class Matcher {
public:
    explicit Matcher(const Filter& filter, const Related& related = no_related());
    ~Matcher();
    Matcher(Matcher&&) noexcept;
    Matcher& operator=(Matcher&&) noexcept;

    bool matches(const Document& document) const;

private:
    struct Node;
    std::unique_ptr<Node> root_;
};

// What an order sees of a document: a value for each key (null: missing), then its _id.
std::vector<Value> place_of(
    std::span<const SortKey> order, const Document& document, const Related& related = no_related()
);

// Whether the place left comes before right. An empty order is by _id, newest first; equal documents are told apart by
// _id, descending. Missing and null come first ascending, then booleans, numbers, texts, objects, lists (MongoDB's
// order); all objects are alike, and so are all lists. What stands inside a list counts as missing.
bool comes_before(std::span<const SortKey> order, std::span<const Value> left, std::span<const Value> right);

// The words of a text as they are searched: what letters and digits make up, case folded, without marks (é is e) and,
// in Arabic, without tashkeel and tatweel, with one form of alef, ya and ta marbuta.
std::vector<std::string> words_of(std::string_view text);

// By what rules: when this is another text than it was, words that were kept are to be made anew.
std::string folding();

// Whether the document has all the words, wherever they stand in the attrs.
bool has_words(const Search& search, const Document& document);

// Metres along the sphere between two points; nothing when the document has no point there. The sphere is MongoDB's
// (radius 6,378,100 m), so that both stores measure alike.
std::optional<double> distance(const Near& near, const Document& document);

// The values that a facet counts of a document: those at its path that have an order, elements of lists one by one,
// each once.
std::vector<Value> facet_values(const AttrPath& path, const Document& document);

// Of (value, count) pairs in ascending order, `most` buckets at most.
std::vector<Bucket> buckets_of(std::span<const std::pair<Value, std::int64_t>> counts, std::int64_t most);

}  // namespace limp::query
