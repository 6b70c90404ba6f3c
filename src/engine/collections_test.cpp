#include "engine/collections.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace limp::engine {
namespace {

using Column = Collection::Column;
using Holds = Collection::Column::Holds;
using Indexes = std::vector<std::vector<std::string>>;
using Kind = Type::Kind;

Module module() {
    Module made;
    made.name = "blog";
    made.collection = "blogs";
    made.attrs = {
        {"title", Type::of(Kind::str), false, {}},
        {"cat", Type::of(Kind::id), false, {}},
        {"tags", Type::list_of(Type::of(Kind::str)), true, {}},
        {"likes", Type::of(Kind::integer), true, {}},
        {"score", Type::of(Kind::real), true, {}},
        {"live", Type::of(Kind::boolean), true, {}},
        {"state", Type::one_of({"draft", "published"}), true, {}},
        {"level", Type::one_of({1, 2}), true, {}},
        {"meta", Type::of(Kind::attrs), true, {}},
        {"create_time", Type::of(Kind::time), false, {}},
    };
    return made;
}

Collection collection(const std::function<void(Module&)>& change) {
    Module changed = module();
    change(changed);
    const Registry registry(linked_in({{"shop", {changed}, {}, {}}}), {}, {});
    return collections(registry, {}).at(0);
}

// What is said at that place against a module that the test spoils.
std::string error_of(const std::function<void(Module&)>& spoil, const std::string& place) {
    try {
        collection(spoil);
    } catch (const DeclarationError& error) {
        EXPECT_EQ(error.package, "shop");
        EXPECT_EQ(error.place, place);
        return error.what();
    }
    ADD_FAILURE() << "nothing was refused";
    return {};
}

bool says(const std::string& text, std::string_view part) {
    return text.find(part) != text.npos;
}

TEST(Collections, HaveAColumnForWhatIsIndexed) {
    const Collection made = collection([](Module& blog) {
        blog.indexes = {{"title"}, {"live", "likes"}, {"score", "state"}, {"tags"}, {"cat", "create_time"}};
    });
    EXPECT_EQ(
        made.indexes, (Indexes{{"title"}, {"live", "likes"}, {"score", "state"}, {"tags"}, {"cat", "create_time"}})
    );
    EXPECT_EQ(
        made.columns, (std::vector<Column>{
                          {"title", Holds::text, false},
                          {"live", Holds::boolean, false},
                          {"likes", Holds::integer, false},
                          {"score", Holds::number, false},
                          {"state", Holds::text, false},
                          {"tags", Holds::text, true},
                          {"cat", Holds::text, false},
                          {"create_time", Holds::text, false},
                      })
    );
}

TEST(Collections, FindDocumentsByTheirReferences) {
    const Collection made = collection([](Module& blog) {
        blog.attrs.push_back({"readers", Type::list_of(Type::of(Kind::id)), true, {}});
        blog.attrs.push_back({"twin", Type::of(Kind::id), true, {}});
        blog.attrs.push_back({"series", Type::of(Kind::id), true, {}});
        blog.unique = {{"twin"}, {"series", "title"}};
        blog.indexes = {{"series", "likes"}};
    });
    EXPECT_EQ(made.indexes, (Indexes{{"series", "likes"}, {"cat"}, {"readers"}}));
    EXPECT_EQ(made.columns.back(), (Column{"readers", Holds::text, true}));
}

TEST(Collections, AreFoldedWhereEMailsAndUserNamesAre) {
    const Collection made = collection([](Module& blog) {
        blog.attrs.push_back({"contact", Type::of(Kind::email), true, {}});
        blog.attrs.push_back({"username", Type::of(Kind::str), true, {}});
        blog.unique = {{"contact"}, {"username"}};
    });
    EXPECT_EQ(made.folded, (std::vector<std::string>{"contact", "username"}));
    EXPECT_EQ(made.unique, (Indexes{{"contact"}, {"username"}}));
}

TEST(Collections, ReviseTheirDocuments) {
    const Collection made =
        collection([](Module& blog) { blog.attrs[3] = {"likes", Type::of(Kind::integer), false, 0}; });
    const Document document{{"_id", "1"}, {"title", "a"}, {"cat", "000000000000000000000001"}, {"create_time", ""}};
    EXPECT_EQ(*made.revise(document).document.find("likes"), Value(0));
    EXPECT_NE(made.shape, "");
}

TEST(Collections, OfModulesWithoutDocumentsThereAreNone) {
    Module tools;
    tools.name = "tools";
    const Registry registry(linked_in({{"shop", {tools, module()}, {}, {}}}), {}, {});
    EXPECT_EQ(collections(registry, {}).size(), 1u);
}

TEST(Collections, HaveWhatIsSearchedAndWherePointsAre) {
    const Collection made = collection([](Module& blog) {
        blog.attrs.push_back({"spot", Type::of(Kind::geo), true, {}});
        blog.searched = {"title", "tags", "state"};
    });
    EXPECT_EQ(made.searched, (std::vector<std::string>{"title", "tags", "state"}));
    EXPECT_EQ(made.points, std::vector<std::string>{"spot"});
}

TEST(Collections, HaveColumnsForMomentsAndCounters) {
    for (const Kind kind : {Kind::date, Kind::datetime, Kind::time_of_day, Kind::counter}) {
        const Collection made = collection([&](Module& blog) {
            Type type = Type::of(kind);
            if (kind == Kind::counter) type.pattern = "$__counter";
            blog.attrs.push_back({"x", type, true, {}});
            blog.indexes = {{"x"}};
        });
        EXPECT_EQ(made.columns.front(), (Column{"x", Holds::text, false}));
    }
}

TEST(Collections, RefuseASearchWithoutWords) {
    const auto searched = [](std::vector<std::string> attrs) {
        return [attrs = std::move(attrs)](Module& blog) { blog.searched = attrs; };
    };
    for (const char* attr : {"likes", "cat", "level", "meta", "create_time", "_id"})
        EXPECT_TRUE(says(error_of(searched({attr}), "blog.searched[0]"), "has no words")) << attr;
    EXPECT_TRUE(says(error_of(searched({"title", "titel"}), "blog.searched[1]"), "did you mean \"title\""));
    EXPECT_TRUE(says(error_of(searched({"title", "title"}), "blog.searched[0]"), "named twice"));
}

TEST(Collections, RefuseAnIndexThatMeansNothing) {
    const auto refused = [](Indexes indexes, const std::string& place, std::string_view part) {
        const std::string text = error_of([&](Module& blog) { blog.indexes = indexes; }, "blog.indexes" + place);
        EXPECT_TRUE(says(text, part)) << text;
    };
    refused({{"titel"}}, "[0]", "did you mean \"title\"");
    refused({{"title"}, {}}, "[1]", "must name some attrs");
    refused({{"_id"}}, "[0]", "without an index");
    refused({{"meta"}}, "[0]", "its type is attrs; id, str,");
    refused({{"level"}}, "[0]", R"(its type is {"enum":[1,2]}; id, str,)");
    refused({{"cat", "tags"}}, "[0]", "\"tags\" is a list");
    refused({{"cat", "title", "cat"}}, "[0]", "\"cat\" stands in the index twice");
    refused({{"title"}, {"cat"}, {"title"}}, "[2]", "there already");
}

TEST(Collections, RefuseAFormerNameThatMeansNothing) {
    const auto refused = [](const std::string& attr, const std::string& was, std::string_view part) {
        const std::string text = error_of(
            [&](Module& blog) { std::ranges::find(blog.attrs, attr, &Attr::name)->was = was; }, "blog.was." + attr
        );
        EXPECT_TRUE(says(text, part)) << text;
    };
    refused("title", "title", "\"title\" is called so");
    refused("title", "cat", "\"cat\" is an attr of its own");
    refused("title", "_id", "limpd's own");
    refused("title", "_rev", "limpd's own");
    refused("title", "__deleted", "limpd's own");
    refused("create_time", "made", "fills \"create_time\" itself");
    const std::string text = error_of(
        [](Module& blog) {
            blog.attrs[0].was = "name";
            blog.attrs[6].was = "name";
        },
        "blog.was.title"
    );
    EXPECT_TRUE(says(text, "\"state\" was \"name\" too")) << text;
}

}  // namespace
}  // namespace limp::engine
