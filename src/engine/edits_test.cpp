#include "engine/edits.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/json.hpp"

namespace limp::engine {
namespace {

const std::vector<std::string> locales = {"ar_AE", "en_AE"};

types::Context context() {
    return {.locales = locales, .locale = "ar_AE", .keep_bytes = {}};
}

Type type(std::string_view declared) {
    return types::parse_type(base::parse_json(declared));
}

Value typed(std::string_view declared, std::string_view operation) {
    return typed_operation(type(declared), base::parse_json(operation).object(), context());
}

// What is said against it, with the place before.
std::string refusal(std::string_view declared, std::string_view operation) {
    try {
        typed(declared, operation);
    } catch (const types::TypeError& error) {
        return error.path + " " + error.what();
    }
    return "it was taken";
}

TEST(Edits, OperandsAreTypedAsTheAttrIs) {
    EXPECT_EQ(typed(R"("float")", R"({"$add": 1})"), Value(Object{{"$add", 1.0}}));
    EXPECT_EQ(typed(R"("int")", R"({"$multiply": -3})"), Value(Object{{"$multiply", -3}}));
    EXPECT_EQ(
        typed(R"(["id"])", R"({"$del_val": ["F00000000000000000000010"]})"),
        Value(Object{{"$del_val", List{"f00000000000000000000010"}}})
    );
}

TEST(Edits, BoundsAreThoseOfTheResult) {
    EXPECT_EQ(typed(R"({"int": {"min": 0}})", R"({"$add": -1})"), Value(Object{{"$add", -1}}));
    EXPECT_NE(refusal(R"([{"int": {"min": 0}}])", R"({"$append": -1})"), "it was taken");
}

TEST(Edits, UnionsTakeWhatOneOfTheirTypesTakes) {
    const char* declared = R"({"union": ["str", "int", ["bool"]]})";
    EXPECT_EQ(typed(declared, R"({"$add": 1})"), Value(Object{{"$add", 1}}));
    EXPECT_EQ(typed(declared, R"({"$append": true})"), Value(Object{{"$append", true}}));
    EXPECT_NE(refusal(declared, R"({"$append": "x"})"), "it was taken");
    EXPECT_EQ(typed(R"({"union": ["int", "float"]})", R"({"$add": 1.5})"), Value(Object{{"$add", 1.5}}));
}

TEST(Edits, ARefusalSaysWhichPart) {
    EXPECT_EQ(refusal(R"(["str"])", R"({"$append": null})"), ".$append must not be null");
    EXPECT_EQ(refusal(R"(["str"])", R"({"$del_val": "x"})"), ".$del_val must be a list of the values to remove");
    EXPECT_EQ(refusal(R"(["str"])", R"({"$set_index": "x"})"), " needs \"$index\" beside $set_index");
    EXPECT_EQ(refusal(R"("int")", R"({"$add": 1, "$index": 0})"), " cannot take \"$index\" with $add");
    EXPECT_EQ(
        refusal(R"(["file"])", R"({"$del_val": []})"), " takes no $del_val, as it holds files; $del_index removes one"
    );
}

TEST(Edits, PathsEndAtTypes) {
    const Attr author{"author", type(R"({"name": "str", "home?": {"town": "str"}})"), true, {}};
    EXPECT_EQ(place_of(author, "author.home.town", context()).type.kind, Type::Kind::str);
    EXPECT_FALSE(place_of(author, "author.home.town", context()).optional);
    EXPECT_TRUE(place_of(author, "author.home", context()).optional);
    const Attr title{"title", type(R"("locale")"), false, {}};
    EXPECT_TRUE(place_of(title, "title.en_AE", context()).optional);
    for (const char* key : {"title.en", "title.", "title..en_AE", "title.en_AE.x"})
        EXPECT_THROW(place_of(title, key, context()), types::TypeError) << key;
}

TEST(Edits, PathsAreNoDeeperThanValues) {
    const Attr extra{"extra", type(R"("attrs")"), false, {}};
    std::string key = "extra";
    for (int depth = 1; depth < 64; ++depth) key += ".a";
    EXPECT_EQ(place_of(extra, key, context()).path.size(), 64u);
    EXPECT_THROW(place_of(extra, key + ".a", context()), types::TypeError);
}

TEST(Edits, AnOperationBecomesAnEdit) {
    const Edit edit = edit_of("a.b", Object{{"$set_index", "x"}, {"$index", -2}});
    EXPECT_EQ(edit.path, (AttrPath{"a", "b"}));
    EXPECT_EQ(edit.kind, Edit::Kind::set_index);
    EXPECT_EQ(edit.value, Value("x"));
    EXPECT_EQ(edit.index, -2);
    EXPECT_EQ(edit_of("a", Object{{"$append", 1}, {"$unique", true}}).kind, Edit::Kind::append_new);
    EXPECT_EQ(edit_of("a", Object{{"$append", 1}, {"$unique", false}}).kind, Edit::Kind::append);
    EXPECT_EQ(edit_of("a", Object{{"$del_index", 3}}).index, 3);
    EXPECT_EQ(edit_of("a.b", 5).kind, Edit::Kind::set);
}

}  // namespace
}  // namespace limp::engine
