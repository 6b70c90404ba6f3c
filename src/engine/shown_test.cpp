#include "engine/shown.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "base/doc_text.hpp"
#include "base/json.hpp"

namespace limp::engine {
namespace {

using Kind = Type::Kind;

Module pets() {
    Module module;
    module.name = "pet";
    module.attrs = {
        {"name", Type::of(Kind::str), false, {}},
        {"age", Type::of(Kind::integer), true, {}},
        {"photo", Type::of(Kind::file), true, {}},
        {"owner", Type::of(Kind::id), true, {}},
    };
    return module;
}

class ShownTest : public testing::Test {
protected:
    Shown shown(const Document& stored, std::vector<std::string> hidden = {}) {
        return {module, std::make_shared<const DocText>(base::to_doc_text(stored)), hidden};
    }
    static std::string text(const Shown& doc) {
        std::string out;
        doc.append_to(out);
        return out;
    }

    const Module module = pets();
    const Document rex{{"_id", "x"}, {"name", "Rex"}, {"age", 3}, {"_rev", 1}};
};

TEST_F(ShownTest, IsTheStoredTextWhenAllOfItIsShown) {
    EXPECT_EQ(text(shown(rex)), base::to_json(rex));
}

TEST_F(ShownTest, LeavesOutHiddenAttrs) {
    EXPECT_EQ(text(shown(rex, {"age"})), R"({"_id":"x","name":"Rex","_rev":1})");
    EXPECT_EQ(text(shown(rex, {"name", "age"})), R"({"_id":"x","_rev":1})");
}

TEST_F(ShownTest, LeavesOutWhatIsNotDeclared) {
    EXPECT_EQ(
        text(shown({{"_id", "x"}, {"legs", 4}, {"__deleted", false}, {"name", "Rex"}})), R"({"_id":"x","name":"Rex"})"
    );
}

TEST_F(ShownTest, FindsAttrsInAnyOrder) {
    const Document mixed{{"owner", "y"}, {"_rev", 1}, {"age", 3}, {"name", "Rex"}, {"_id", "x"}};
    EXPECT_EQ(text(shown(mixed)), base::to_json(mixed));
}

TEST_F(ShownTest, LeavesOutWhereAFilesBytesAre) {
    const Shown doc = shown({{"_id", "x"}, {"photo", Object{{"name", "a.png"}, {"__file", "f"}}}});
    EXPECT_EQ(text(doc), R"({"_id":"x","photo":{"name":"a.png"}})");
}

TEST_F(ShownTest, GivesValuesAsJson) {
    const Shown doc = shown(rex, {"age"});
    EXPECT_EQ(doc.id(), "x");
    EXPECT_EQ(doc.value("name"), "\"Rex\"");
    EXPECT_FALSE(doc.value("age"));
    EXPECT_FALSE(doc.value("owner"));
}

TEST_F(ShownTest, ShowsOtherValuesAndCountsTheDocumentsInThem) {
    Shown doc = shown({{"_id", "x"}, {"owner", "y"}, {"name", "Rex"}});
    EXPECT_EQ(doc.documents(), 1u);
    doc.replace("owner", R"({"_id":"y"})", 1);
    EXPECT_EQ(doc.documents(), 2u);
    EXPECT_EQ(doc.value("owner"), R"({"_id":"y"})");
    EXPECT_EQ(text(doc), R"({"_id":"x","owner":{"_id":"y"},"name":"Rex"})");
    const std::vector<std::string> kept{"name"};
    doc.keep(kept);
    EXPECT_EQ(doc.documents(), 1u);
    EXPECT_EQ(text(doc), R"({"_id":"x","name":"Rex"})");
}

TEST_F(ShownTest, MakesAList) {
    EXPECT_EQ(to_json({}), "[]");
    const std::vector<Shown> docs{shown({{"_id", "x"}}), shown({{"_id", "y"}})};
    EXPECT_EQ(to_json(docs), R"([{"_id":"x"},{"_id":"y"}])");
}

}  // namespace
}  // namespace limp::engine
