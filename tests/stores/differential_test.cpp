// SQLite against the memory store, whose reads are the matcher itself: documents, filters, orders and changes made at
// random, the same for both, must have the same results. A failure prints the seed of its round;
// LIMP_DIFFERENTIAL_SEED is the first one, LIMP_DIFFERENTIAL_ROUNDS how many there are.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/loop.hpp"
#include "chance.hpp"
#include "query/compare.hpp"
#include "sqlite_test.hpp"
#include "store/stored.hpp"
#include "store/stores.hpp"
#include "store_test.hpp"

namespace limp::store {

namespace {

// Of some 700 reads of 40 documents each.
constexpr unsigned usual_rounds = 10 / thinning;

unsigned setting(const char* name, unsigned usual) {
    const char* text = std::getenv(name);
    return text ? static_cast<unsigned>(std::stoul(text)) : usual;
}

bool is_sorted(const Query& query) {
    return !query.sort.empty() || (!query.search && !query.near);
}

std::vector<Document> documents(const FoundText& found) {
    std::vector<Document> documents;
    for (const DocTextPtr& text : found.docs) documents.push_back(parse_document(text->text));
    return documents;
}

std::vector<std::string> ids(const std::vector<Document>& documents) {
    std::vector<std::string> ids;
    for (const Document& document : documents) ids.push_back(id_of(document));
    return ids;
}

class Differential : public testing::TestWithParam<Chance::Fitting> {
protected:
    void prepare(const std::vector<Collection>& declared) {
        memory_->prepare(declared);
        sqlite_->prepare(declared);
    }

    // And the page after it.
    void compare(Query query, int pages = 2) {
        SCOPED_TRACE(text_of(query));
        const FoundText expected = base::run_to_end(memory_->read_text("person", query));
        const FoundText found = base::run_to_end(sqlite_->read_text("person", query));
        ASSERT_EQ(found.total, expected.total);
        ASSERT_EQ(found.more, expected.more);
        ASSERT_EQ(found.end, expected.end);
        ASSERT_EQ(found.distances, expected.distances);
        compare_docs(found, expected, query);
        compare_facets(found, expected);
        if (pages == 0 || expected.end.empty() || HasFatalFailure()) return;
        query.after = expected.end;
        query.skip = 0;
        compare(std::move(query), pages - 1);
    }

    // Best first is a driver's own, what is found is not.
    static void compare_docs(const FoundText& found, const FoundText& expected, const Query& query) {
        const std::vector<Document> docs = documents(found);
        const std::vector<Document> expected_docs = documents(expected);
        if (is_sorted(query) || query.near) {
            ASSERT_EQ(ids(docs), ids(expected_docs));
            ASSERT_EQ(docs, expected_docs);
        } else if (query.limit == 0 && query.skip == 0) {
            std::vector<std::string> some = ids(docs), others = ids(expected_docs);
            std::ranges::sort(some);
            std::ranges::sort(others);
            ASSERT_EQ(some, others);
        } else {
            ASSERT_EQ(docs.size(), expected_docs.size());
        }
    }

    static void compare_facets(const FoundText& found, const FoundText& expected) {
        ASSERT_EQ(found.facets.size(), expected.facets.size());
        for (std::size_t facet = 0; facet < found.facets.size(); ++facet) {
            ASSERT_EQ(found.facets[facet].size(), expected.facets[facet].size()) << "facet " << facet;
            for (std::size_t at = 0; at < found.facets[facet].size(); ++at) {
                const Bucket& bucket = found.facets[facet][at];
                const Bucket& wanted = expected.facets[facet][at];
                ASSERT_EQ(bucket.count, wanted.count) << "facet " << facet << " bucket " << at;
                ASSERT_TRUE(query::is_same(bucket.min, wanted.min)) << "facet " << facet << " bucket " << at;
                ASSERT_TRUE(query::is_same(bucket.max, wanted.max)) << "facet " << facet << " bucket " << at;
            }
        }
    }

    // The conflict that the change ends with is the same, too.
    void compare(const Change& change) {
        const auto outcome = [&](Store& store) -> std::pair<Changed, std::vector<std::string>> {
            try {
                return {write(store, change), {}};
            } catch (const Conflict& conflict) {
                return {{}, conflict.attrs};
            }
        };
        const auto [expected, expected_conflict] = outcome(*memory_);
        const auto [changed, conflict] = outcome(*sqlite_);
        ASSERT_EQ(changed.matched, expected.matched) << text_of(change.filter);
        ASSERT_EQ(changed.modified, expected.modified) << text_of(change.filter);
        ASSERT_EQ(conflict, expected_conflict) << text_of(change.filter);
        compare(Query());
    }

    void fill(Chance& chance, const Collection& declared, const Collection& towns) {
        std::vector<Change> changes;
        for (int number = 1; number <= 12; ++number) {
            changes.push_back(create(person(number, chance.attrs(towns))));
            changes.back().collection = towns.name;
        }
        for (int number = 1; number <= 40; ++number) {
            Document attrs = chance.attrs(declared);
            attrs.erase("email");
            // Each its own; some have lists, in which others' values may stand again.
            const std::string unique(1, static_cast<char>(number % 26 + (number < 26 ? 'a' : 'A')));
            if (number % 7 == 0)
                attrs.append("nick", List{unique, chance.unique_text()});
            else if (number < 26)
                attrs.append("email", unique);
            else
                attrs.append("nick", unique);
            changes.push_back(create(person(number, std::move(attrs))));
        }
        write(*memory_, changes);
        write(*sqlite_, std::move(changes));
    }

    void ask(Chance& chance, int times) {
        for (int time = 0; time < times && !HasFatalFailure(); ++time) compare(chance.query());
    }

    void run_round(unsigned seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Chance chance(seed, GetParam());
        const Collection declared = chance.declaration();
        const Collection towns = chance.town_declaration();
        prepare({declared, towns});
        fill(chance, declared, towns);
        ask(chance, 150);
        for (int change = 0; change < 5 && !HasFatalFailure(); ++change) {
            compare(chance.change(declared));
            ask(chance, 15);
        }
        // Another declaration, over what is there: fewer columns, and some of another kind.
        Collection other = chance.declaration();
        std::erase_if(other.columns, [&](const auto& column) { return column.attr != "name" && chance.one_in(3); });
        std::erase_if(other.indexes, [&](const auto& index) { return index.size() > 1 || index.front() != "name"; });
        for (Collection::Column& column : other.columns)
            if (chance.one_in(4)) column.holds = Chance::Holds::number;
        prepare({other, towns});
        ask(chance, 75);
    }

    void open(const Folder& folder) {
        memory_ = open_memory();
        sqlite_ = open_sqlite(folder / "limp.db");
    }

private:
    std::unique_ptr<Store> memory_;
    std::unique_ptr<Store> sqlite_;
};

}  // namespace

TEST_P(Differential, SqliteDoesWhatTheMatcherSays) {
    const unsigned first = setting("LIMP_DIFFERENTIAL_SEED", 1);
    const unsigned rounds = setting("LIMP_DIFFERENTIAL_ROUNDS", usual_rounds);
    for (unsigned round = 0; round < rounds && !HasFatalFailure(); ++round) {
        const Folder folder;
        open(folder);
        run_round(first + round);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Documents, Differential, testing::Values(Chance::Fitting::always, Chance::Fitting::mostly),
    [](const auto& fitting) { return fitting.param == Chance::Fitting::always ? "ThatFit" : "ThatMostlyFit"; }
);

}  // namespace limp::store
