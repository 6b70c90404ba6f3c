#include "engine/registry.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace limp::engine {
namespace {

Module module(std::string name) {
    Module made;
    made.name = std::move(name);
    made.collection = made.name + "s";
    made.attrs = {{"title", Type::of(Type::Kind::str), false, {}}, {"cat", Type::of(Type::Kind::id), true, {}}};
    Method read;
    read.name = "read";
    read.operation = Operation::read;
    read.permissions = {{"*", Object{}, {}, {}}};
    made.methods = {read};
    return made;
}

// A package with one module, which the test spoils.
std::string error_of(const std::function<void(Module&)>& spoil, const std::string& place) {
    Module spoilt = module("blog");
    spoil(spoilt);
    try {
        Registry registry(linked_in({{"shop", {module("cat"), spoilt}, {}, {}}}), {}, {});
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

TEST(Registry, FindsModulesAndCodes) {
    const Registry registry(linked_in({{"my-shop", {module("blog")}, {}, {}}}), {}, {});
    ASSERT_NE(registry.find("blog"), nullptr);
    EXPECT_EQ(registry.find("blog")->code, "MY_SHOP_BLOG");
    EXPECT_EQ(registry.find("blogs"), nullptr);
}

TEST(Registry, RefusesTwoModulesOfOneName) {
    EXPECT_THROW(
        Registry(linked_in({{"a", {module("blog")}, {}, {}}, {"b", {module("blog")}, {}, {}}}), {}, {}),
        DeclarationError
    );
}

TEST(Registry, TellsOfAllThatIsWrong) {
    Module cat = module("cat");
    cat.unique = {{"titel"}};
    Module blog = module("blog");
    blog.extns = {{"cat", "cta", {}, false}};
    blog.methods[0].permissions = {{"raed", Object{}, {}, {}}};
    try {
        Registry registry(linked_in({{"shop", {cat}, {}, {}}, {"news", {blog, module("cat")}, {}, {}}}), {}, {});
        ADD_FAILURE() << "nothing was refused";
    } catch (const DeclarationError& error) {
        std::vector<std::string> places = {error.package + ": " + error.place};
        for (const DeclarationError& other : error.others) places.push_back(other.package + ": " + other.place);
        const std::vector<std::string> expected = {
            "news: cat", "news: blog.extns.cat", "news: blog.methods.read.permissions[0]", "shop: cat.unique_attrs"
        };
        EXPECT_EQ(places, expected);
    }
}

TEST(Registry, RefusesArgumentsThatAreFiles) {
    const Type photo = Type::of(Type::Kind::file);
    Type photos = Type::of(Type::Kind::list);
    photos.element = {photo};
    for (const Type& type : {photo, Type::of(Type::Kind::bin), photos}) {
        const std::string text = error_of(
            [&](Module& blog) { blog.methods[0].doc_args = {{"scan", Argument::Need::optional, type}}; },
            "blog.methods.read.doc_args"
        );
        EXPECT_TRUE(says(text, "\"scan\" cannot be of type \"file\" or \"bin\"")) << text;
        error_of(
            [&](Module& blog) { blog.methods[0].query_args = {{"scan", Argument::Need::always, type}}; },
            "blog.methods.read.query_args"
        );
    }
}

TEST(Registry, LetsAMethodAskForAnAttrThatIsAFile) {
    Module blog = module("blog");
    blog.attrs.push_back({"photo", Type::of(Type::Kind::file), true, {}});
    blog.methods[0].doc_args = {{"photo", Argument::Need::always, Type::of(Type::Kind::file)}};
    EXPECT_NO_THROW(Registry(linked_in({{"shop", {blog}, {}, {}}}), {}, {}));
}

TEST(Registry, RefusesAnExtnToNowhere) {
    const std::string text = error_of([](Module& blog) { blog.extns = {{"cat", "cta", {}, false}}; }, "blog.extns.cat");
    EXPECT_TRUE(says(text, "did you mean \"cat\"")) << text;
}

TEST(Registry, RefusesAnExtnOfAnAttrThatIsNoReference) {
    error_of([](Module& blog) { blog.extns = {{"title", "cat", {}, false}}; }, "blog.extns.title");
}

TEST(Registry, RefusesAnExtnThatShowsAnUnknownAttr) {
    const std::string text =
        error_of([](Module& blog) { blog.extns = {{"cat", "cat", {"titel"}, false}}; }, "blog.extns.cat");
    EXPECT_TRUE(says(text, "did you mean \"title\"")) << text;
}

TEST(Registry, RefusesAnUnknownPrivilege) {
    const std::string text = error_of(
        [](Module& blog) { blog.methods[0].permissions = {{"raed", Object{}, {}, {}}}; },
        "blog.methods.read.permissions[0]"
    );
    EXPECT_TRUE(says(text, "did you mean \"read\"")) << text;
}

TEST(Registry, EverybodyIsAStarAndNothingElse) {
    for (const char* privilege : {"cat.*", "__NOT:*"}) {
        error_of(
            [&](Module& blog) { blog.methods[0].permissions = {{privilege, Object{}, {}, {}}}; },
            "blog.methods.read.permissions[0]"
        );
    }
}

TEST(Registry, RefusesADefaultOfAnotherType) {
    error_of([](Module& blog) { blog.attrs[0].default_value = 7; }, "blog.defaults.title");
}

TEST(Registry, RefusesTwoModulesOnOneCollection) {
    error_of([](Module& blog) { blog.collection = "cats"; }, "blog.collection");
}

TEST(Registry, RefusesAPrivilegeOfAnUnknownModule) {
    error_of(
        [](Module& blog) { blog.methods[0].permissions = {{"cats.read", Object{}, {}, {}}}; },
        "blog.methods.read.permissions[0]"
    );
}

TEST(Registry, RefusesAModifierThatFiltersByAnUnknownAttr) {
    const std::string text = error_of(
        [](Module& blog) {
            blog.methods[0].permissions = {{"*", Object{}, {}, {}}, {"read", Object{{"titel", "x"}}, {}, {}}};
        },
        "blog.methods.read.permissions[1]"
    );
    EXPECT_TRUE(says(text, "title")) << text;
}

TEST(Registry, RefusesASpecialInAModifier) {
    error_of(
        [](Module& blog) { blog.methods[0].permissions = {{"*", Object{{"$limit", 1}}, {}, {}}}; },
        "blog.methods.read.permissions[0]"
    );
}

TEST(Registry, RefusesHidingAndSettingUnknownAttrs) {
    error_of(
        [](Module& blog) { blog.methods[0].permissions = {{"*", Object{}, {}, {"titel"}}}; },
        "blog.methods.read.permissions[0]"
    );
    error_of(
        [](Module& blog) { blog.methods[0].permissions = {{"*", Object{}, {{"titel", 1}}, {}}}; },
        "blog.methods.read.permissions[0]"
    );
}

TEST(Registry, RefusesNamesThatLimpdKeeps) {
    for (const char* name : {"_id", "_rev", "__deleted", "$x"}) {
        error_of(
            [&](Module& blog) { blog.attrs.push_back({name, Type::of(Type::Kind::str), true, {}}); },
            std::string("blog.attrs.") + name
        );
    }
}

TEST(Registry, RefusesAMethodWithoutABodyOrACollection) {
    error_of([](Module& blog) { blog.methods[0].operation = Operation::own; }, "blog.methods.read");
    error_of([](Module& blog) { blog.collection = ""; }, "blog.methods.read");
}

TEST(Registry, RefusesToRetrieveFilesAnyOtherWay) {
    const auto retrieving = [](const std::function<void(Module&, Method&)>& spoil) {
        return error_of(
            [&](Module& blog) {
                blog.attrs.push_back({"photo", Type::of(Type::Kind::file), true, {}});
                Method method = blog.methods[0];
                method.name = "retrieve_file";
                method.operation = Operation::retrieve;
                method.get_method = true;
                method.query_args = {{"_id", Argument::Need::always, {}}, {"var", Argument::Need::always, {}}};
                spoil(blog, method);
                blog.methods.push_back(std::move(method));
            },
            "blog.methods.retrieve_file"
        );
    };
    EXPECT_TRUE(says(retrieving([](Module& blog, Method&) { blog.attrs.pop_back(); }), "has no files"));
    EXPECT_TRUE(says(retrieving([](Module& blog, Method&) { blog.attrs[0].name = "var"; }), "another name"));
    EXPECT_TRUE(says(retrieving([](Module& blog, Method&) { blog.attrs[0].name = "thumb"; }), "another name"));
    EXPECT_TRUE(says(retrieving([](Module&, Method& method) { method.get_method = false; }), "is a GET method"));
    EXPECT_TRUE(says(retrieving([](Module&, Method& method) { method.query_args.pop_back(); }), "\"!var\""));
}

TEST(Registry, TheFirstPermissionThatFitsCounts) {
    Module blog = module("blog");
    blog.methods[0].permissions = {{"admin", Object{}, {}, {}}, {"__NOT:read", Object{}, {}, {"cat"}}};
    const Registry registry(linked_in({{"shop", {blog}, {}, {}}}), {}, {});
    const CompiledModule& compiled = *registry.find("blog");
    Session session;
    ASSERT_NE(compiled.permission("read", session), nullptr);
    EXPECT_TRUE(compiled.permission("read", session)->negated);
    session.privileges = Privileges({{"blog", List{"read"}}});
    EXPECT_EQ(compiled.permission("read", session), nullptr);
    session.privileges = Privileges({{"blog", List{"admin"}}});
    EXPECT_EQ(compiled.permission("read", session)->privilege, "admin");
}

}  // namespace
}  // namespace limp::engine
