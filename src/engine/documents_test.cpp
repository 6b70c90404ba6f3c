#include "engine/documents.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace limp::engine {
namespace {

struct DocumentsTest : testing::Test {
    CompiledModule module;
    Settings settings;
    std::vector<Change> with;

    DocumentsTest() {
        module.module.name = "staff";
        module.code = "SHOP_STAFF";
        module.module.attrs = {
            {"user", Type::of(Type::Kind::id), false, {}},    {"name", Type::of(Type::Kind::str), false, {}},
            {"age", Type::of(Type::Kind::integer), true, {}}, {"photo", Type::of(Type::Kind::file), true, {}},
            {"note", Type::of(Type::Kind::any), true, {}},
        };
    }
    Documents documents() { return {module, settings, with}; }

    std::string code_of(const std::function<void()>& work) {
        try {
            work();
        } catch (const Refusal& refusal) {
            EXPECT_EQ(refusal.status(), 400);
            text = refusal.message();
            return refusal.code();
        }
        return {};
    }
    std::string text;
};

TEST_F(DocumentsTest, WhatTheServerOwnsIsDropped) {
    const Document typed = documents().for_create(
        {{"_id", "x"}, {"_rev", 9}, {"user", "nobody"}, {"create_time", "never"}, {"__deleted", true}, {"name", "a"}}
    );
    EXPECT_EQ(typed, (Document{{"name", "a"}}));
}

TEST_F(DocumentsTest, AnUnknownAttrIsRefusedWithTheNearest) {
    EXPECT_EQ(code_of([&] { documents().for_create({{"nmae", "a"}}); }), "SHOP_STAFF_INVALID_ATTR");
    EXPECT_NE(text.find("did you mean \"name\""), text.npos) << text;
}

TEST_F(DocumentsTest, AWrongTypeNamesTheAttr) {
    EXPECT_EQ(code_of([&] { documents().for_create({{"age", "7"}}); }), "SHOP_STAFF_INVALID_ATTR");
    EXPECT_NE(text.find("\"age\""), text.npos) << text;
}

TEST_F(DocumentsTest, NullIsAbsentOnCreateButForAny) {
    EXPECT_EQ(documents().for_create({{"age", nullptr}, {"note", nullptr}}), (Document{{"note", nullptr}}));
}

TEST_F(DocumentsTest, NullUnsetsOnUpdateWhatIsOptional) {
    EXPECT_EQ(documents().for_update({{"age", nullptr}}), (Document{{"age", nullptr}}));
    EXPECT_EQ(code_of([&] { documents().for_update({{"name", nullptr}}); }), "SHOP_STAFF_INVALID_ATTR");
}

TEST_F(DocumentsTest, AllMissingAttrsAreNamedAtOnce) {
    EXPECT_EQ(code_of([&] { documents().complete({{"age", 1}}, {{"age", 1}}); }), "SHOP_STAFF_MISSING_ATTR");
    EXPECT_NE(text.find("user, name"), text.npos) << text;
}

TEST_F(DocumentsTest, WhatAHookSetIsCheckedToo) {
    const Document typed{{"name", "a"}};
    Document hooked = typed;
    hooked["user"] = "F00000000000000000000010";
    hooked["age"] = "old";
    EXPECT_EQ(code_of([&] { documents().complete(hooked, typed); }), "SHOP_STAFF_INVALID_ATTR");
    hooked["age"] = 7;
    const Document whole = documents().complete(hooked, typed);
    EXPECT_EQ(*whole.find("user"), Value("f00000000000000000000010"));
}

TEST_F(DocumentsTest, WhatAHookUnsetsIsCheckedToo) {
    const Document typed{{"name", "a"}, {"age", 7}};
    EXPECT_EQ(documents().recheck({{"age", nullptr}}, typed), (Document{{"age", nullptr}}));
    EXPECT_EQ(code_of([&] { documents().recheck({{"name", nullptr}}, typed); }), "SHOP_STAFF_INVALID_ATTR");
}

TEST_F(DocumentsTest, FileBytesAreStoredBesideTheDocument) {
    const Document typed = documents().for_create(
        {{"photo", Object{{"name", "a"}, {"type", "text/plain"}, {"size", 2}, {"lastModified", 0}, {"content", "aGk="}}}
        }
    );
    ASSERT_EQ(with.size(), 1u);
    EXPECT_EQ(with[0].kind, Change::Kind::file);
    EXPECT_EQ(with[0].text, "hi");
    EXPECT_EQ(*typed.find("photo")->find("__file"), Value(with[0].id));
    EXPECT_EQ(typed.find("photo")->find("content"), nullptr);
}

}  // namespace
}  // namespace limp::engine
