// Types whose values are objects and lists: locale, geo, privileges, access, attrs, any, object, list.
#include <gtest/gtest.h>

#include <string>

#include "base/json.hpp"
#include "types/test_context.hpp"

namespace limp::types {
namespace {

using Kind = Type::Kind;
using namespace std::string_literals;

std::optional<std::string> error(const Type& type, const std::string& json) {
    return TestContext().error(type, base::parse_json(json));
}
std::optional<std::string> error(Kind kind, const std::string& json) {
    return error(Type::of(kind), json);
}
std::string stored(const Type& type, const std::string& json) {
    return base::to_json(TestContext().convert(type, base::parse_json(json)));
}

TEST(Locale, IsFilledFromTheDefaultInTheConfiguredOrder) {
    EXPECT_EQ(stored(Type::of(Kind::locale), R"({"en_AE":"b","ar_AE":"a"})"), R"({"ar_AE":"a","en_AE":"b"})");
    EXPECT_EQ(stored(Type::of(Kind::locale), R"({"ar_AE":""})"), R"({"ar_AE":"","en_AE":""})");
}

TEST(Locale, RefusesWhatIsNoTextByLocale) {
    EXPECT_NE(error(Kind::locale, R"({"en_AE":"b"})")->find("ar_AE"), std::string::npos);
    EXPECT_NE(error(Kind::locale, R"({"ar_AE":"a","en_AF":"b"})")->find("did you mean \"en_AE\""), std::string::npos);
    EXPECT_TRUE(error(Kind::locale, R"({"ar_AE":null})")->starts_with(".ar_AE "));
    EXPECT_TRUE(error(Kind::locale, R"({"ar_AE":"a","en_AE":null})")->starts_with(".en_AE "));
    EXPECT_TRUE(error(Kind::locales, "\"EN_AE\""));
}

TEST(Geo, IsAPointWithinTheWorld) {
    const auto at = [](const std::string& pair) {
        return error(Kind::geo, R"({"type":"Point","coordinates":)" + pair + "}");
    };
    EXPECT_FALSE(at("[-180,90]"));
    EXPECT_FALSE(at("[180.0,-90]"));
    for (const char* pair : {"[180.1,0]", "[0,90.1]", "[0,-91]", "[0]", "[0,0,0]", "[\"0\",0]", "[null,0]", "{}", "5"})
        EXPECT_TRUE(at(pair)) << pair;
    EXPECT_TRUE(error(Kind::geo, R"({"type":"point","coordinates":[0,0]})"));
    EXPECT_TRUE(error(Kind::geo, R"({"type":"Point","coordinates":[0,0],"crs":1})"));
    EXPECT_TRUE(error(Kind::geo, R"({"type":"Point"})"));
}

TEST(Privileges, AreListsOfTexts) {
    EXPECT_EQ(error(Kind::privileges, R"({"blog":["read",1]})"), ".blog[1] must be a text; it is a whole number");
    for (const char* json :
         {R"({"blog":"read"})", R"({"blog":null})", R"({"blog":{}})", R"({"$ne":["x"]})", R"({"a.b":["x"]})"})
        EXPECT_TRUE(error(Kind::privileges, json)) << json;
}

TEST(Access, NamesUsersAndGroupsByIds) {
    EXPECT_EQ(
        stored(Type::of(Kind::access), R"({"groups":[],"users":[{"_id":"F00000000000000000000010"}],"anon":"true"})"),
        R"({"anon":true,"users":["f00000000000000000000010"],"groups":[]})"
    );
    for (const char* json :
         {R"({})", R"({"anon":1})", R"({"anon":null})", R"({"anon":true,"users":{}})", R"({"anon":true,"users":null})",
          R"({"anon":true,"users":["x"]})", R"({"anon":true,"groups":[null]})", R"({"anon":true,"user":[]})"})
        EXPECT_TRUE(error(Kind::access, json)) << json;
}

TEST(FreeForm, KeysThatMeanSomethingElsewhereAreRefused) {
    for (const std::string& key : {""s, "$ne"s, "$"s, "a.b"s, "."s, "a\0b"s, "\0"s, "__proto__"s, "\xFF"s})
        for (const Kind kind : {Kind::attrs, Kind::any}) {
            EXPECT_TRUE(TestContext().error(kind, Object{{key, 1}})) << key;
            EXPECT_TRUE(TestContext().error(kind, Object{{"a", List{Object{{key, 1}}}}})) << key;
        }
    for (const std::string& key : {"a$"s, "_proto_"s, "\"quoted\""s, "with space"s, "مفتاح"s, std::string(65'536, 'k')})
        EXPECT_FALSE(TestContext().error(Kind::attrs, Object{{key, 1}})) << key;
}

TEST(FreeForm, RefusalsQuoteLongKeysInPart) {
    const auto said = TestContext().error(Kind::attrs, Object{{"$" + std::string(65'536, 'k'), 1}});
    EXPECT_LT(said->size(), 400U);
    EXPECT_EQ(TestContext().error(Kind::attrs, Object{{"a", List{1, Object{{"$x", 1}}}}})->substr(0, 5), ".a[1]");
}

TEST(FreeForm, DepthIsBounded) {
    Value deep = 1;
    for (int level = 0; level < 64; ++level) deep = List{std::move(deep)};
    EXPECT_FALSE(TestContext().error(Kind::any, deep));
    for (int level = 0; level < 100; ++level) deep = Object{{"a", std::move(deep)}};
    EXPECT_TRUE(TestContext().error(Kind::any, deep));
}

TEST(FreeForm, IsKeptAsItIs) {
    const std::string json = R"({"b":1,"a":[null,1.0,{"c":""}]})";
    EXPECT_EQ(stored(Type::of(Kind::attrs), json), json);
}

const Type person = Type::object_of({
    {"name", Type::of(Kind::str), false, {}},
    {"born", Type::of(Kind::time), true, {}},
    {"links", Type::list_of(Type::of(Kind::uri_web)), true, {}},
});

TEST(TypedObject, HoldsItsChildrenInTheirOrder) {
    EXPECT_EQ(stored(person, R"({"born":0,"name":"x"})"), R"({"name":"x","born":"1970-01-01T00:00:00.000Z"})");
    EXPECT_EQ(stored(person, R"({"name":"x","born":null})"), R"({"name":"x","born":null})");
}

TEST(TypedObject, RefusalsSayWhere) {
    EXPECT_EQ(error(person, R"({"name":"x","brn":1})"), " must not hold \"brn\" (did you mean \"born\"?)");
    EXPECT_EQ(error(person, R"({})"), " must hold \"name\"");
    EXPECT_EQ(error(person, R"({"name":null})"), ".name must not be null");
    EXPECT_TRUE(error(person, R"({"name":"x","links":["http://a.b","x"]})")->starts_with(".links[1] must "));
    EXPECT_TRUE(error(person, R"({"name":"x","__proto__":{}})"));
}

TEST(Lists, HoldNoNull) {
    EXPECT_TRUE(error(Type::list_of(person), R"([{"name":"x"},null])")->starts_with("[1] must not be null"));
    EXPECT_TRUE(error(Type::list_of(Type::of(Kind::id)), "[null]"));
    EXPECT_TRUE(error(Type::list_of(Type::of(Kind::any)), "[null]"));
    EXPECT_EQ(stored(Type::list_of(Type::list_of(Type::of(Kind::real))), "[[1],[]]"), "[[1.0],[]]");
}

}  // namespace
}  // namespace limp::types
