// store/selection.hpp: reading, the part that is the same for every driver.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "limp/query.hpp"
#include "limp/store.hpp"
#include "limp/value.hpp"
#include "query/matcher.hpp"

namespace limp::store {

// Takes documents that the query finds, one after the other in any order, and keeps no more of them than will be asked
// for.
class Selection {
public:
    // Both outlive it.
    Selection(const Query& query, const query::Related& related);

    // `text`: gives its DocTextPtr; called when the document may be among those asked for. `relevance`: how well it
    // fits a search, the more the better.
    template <class Text>
    void add(const Document& document, const Text& text, double relevance = 0) {
        if (std::optional<Kept> kept = place(document, relevance)) {
            kept->text = text();
            keep(std::move(*kept));
        }
    }

    // What is left, with all that FoundText says but facets. The last call.
    FoundText take();

private:
    struct Kept {
        std::vector<Value> place;
        DocTextPtr text;
        double distance = 0;
    };

    // Counts it. Nothing when it will not be asked for.
    std::optional<Kept> place(const Document& document, double relevance);
    void keep(Kept kept);
    auto order() const;

    const Query& query_;
    const query::Related& related_;
    const std::vector<SortKey> sort_;  // by distance or relevance where the query says no other
    const std::size_t kept_max_;
    std::int64_t total_ = 0;
    std::vector<Kept> kept_;  // once full: a heap, the one that comes last on top
};

// The documents as a change takes them: sorted, without the first `skip`, `limit` of them at most (0: all).
std::vector<Document> select(
    std::vector<Document> matching, std::span<const SortKey> sort, std::int64_t skip, std::int64_t limit,
    const query::Related& related
);

// As far as the query wants matches counted.
std::int64_t counted(std::int64_t total, const Query& query);

// Whether the query's own order is that of its `sort`, so that one can go on from a place in it.
bool is_sorted(const Query& query);

// The texts one of which a match must have under that attr (itself or in a list), each once: what an `equal` or an `in`
// that every match must pass says. Nothing when the filter does not say.
std::optional<std::vector<std::string>> required_texts(const Filter& filter, std::string_view attr);

// Whether it can be answered from documents that are found by what they must have: it asks for live ones, and for
// nothing but what the filter and the order say of themselves.
bool is_plain(const Query& query);

}  // namespace limp::store
