#include "engine/extender.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "base/doc_text.hpp"
#include "base/json.hpp"
#include "base/loop.hpp"
#include "limp/refusal.hpp"

namespace limp::engine {
namespace {

constexpr const char* a = "aaaaaaaaaaaaaaaaaaaaaaaa";
constexpr const char* b = "bbbbbbbbbbbbbbbbbbbbbbbb";
constexpr const char* nobody = "cccccccccccccccccccccccc";

DocTextPtr text_of(const Document& document) {
    return std::make_shared<const DocText>(base::to_doc_text(document));
}

// Knows documents by their ids, and nothing of filters.
class Shelf : public Store {
public:
    std::map<std::string, Document> documents;

    Prepared prepare(const std::vector<Collection>&) override { return {}; }
    void on_commit(std::function<void(const LoggedBatch&)>) override {}
    Task<Found> read(std::string, Query) override { co_return Found(); }
    Task<FoundText> read_text(std::string, Query query) override {
        FoundText found;
        for (const Value& id : query.filter.condition.operands)
            if (auto document = documents.find(id.string()); document != documents.end())
                found.docs.push_back(text_of(document->second));
        co_return found;
    }
    Task<std::vector<Changed>> write(Batch) override { co_return std::vector<Changed>(); }
    Task<std::optional<std::string>> credential(std::string) override { co_return std::nullopt; }
    Task<std::optional<Bytes>> file(std::string) override { co_return std::nullopt; }
    Task<LogPage> log(std::int64_t, std::size_t) override { co_return LogPage(); }
    std::string description() const override { return "a shelf"; }
};

// Pages that link to pages, which are extended as well.
Package pages() {
    Module page;
    page.name = "page";
    page.collection = "pages";
    page.attrs = {{"links", Type::list_of(Type::of(Type::Kind::id)), true, {}}};
    page.extns = {{"links", "page", {}, true}};
    Method read;
    read.name = "read";
    read.operation = Operation::read;
    read.permissions = {{"*", Object{}, {}, {}}};
    page.methods = {read};
    return {"web", {page}, {}, {}};
}

class Extending : public testing::Test {
protected:
    // A page with these links, extended.
    Document extend(List links) {
        const Registry registry(linked_in({pages()}), {}, limits);
        const Extender extender(registry, shelf, limits);
        const CompiledModule& page = *registry.find("page");
        std::vector<Shown> docs{{page.module, text_of({{"_id", nobody}, {"links", std::move(links)}}), {}}};
        base::run_to_end(extender.extend(page, docs, Session(), [](std::string_view) { return true; }));
        std::string json;
        docs[0].append_to(json);
        return base::parse_json(json).object();
    }
    std::string refusal_of(List links) {
        try {
            extend(std::move(links));
        } catch (const Refusal& refusal) {
            return refusal.code();
        }
        return {};
    }

    Limits limits;
    Shelf shelf;
};

TEST_F(Extending, ReplacesIdsByDocumentsAndWhatIsMissingByNull) {
    shelf.documents[a] = {{"_id", a}, {"_rev", 1}};
    EXPECT_EQ(*extend({a, b}).find("links"), Value(List{shelf.documents[a], Value()}));
}

TEST_F(Extending, CountsEachReferenceToTheSameDocument) {
    limits.extn_docs = 3;
    shelf.documents[a] = {{"_id", a}};
    EXPECT_EQ(refusal_of({a, a, a}), "");
    EXPECT_EQ(refusal_of({a, a, a, a}), "CORE_QUERY_TOO_LARGE");
}

TEST_F(Extending, CountsWhatIsInsideEachCopy) {
    limits.extn_depth = 2;
    shelf.documents[a] = {{"_id", a}, {"links", List{b, b}}};
    shelf.documents[b] = {{"_id", b}};
    limits.extn_docs = 6;  // twice a, and twice b in each
    EXPECT_EQ(refusal_of({a, a}), "");
    limits.extn_docs = 5;
    EXPECT_EQ(refusal_of({a, a}), "CORE_QUERY_TOO_LARGE");
}

}  // namespace
}  // namespace limp::engine
