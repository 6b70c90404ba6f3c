#include <gtest/gtest.h>

#include <string>

#include "base/json.hpp"
#include "types/types.hpp"

namespace limp::types {
namespace {

std::string round_trip(const std::string& json) {
    return base::to_json(describe(parse_type(base::parse_json(json))));
}

std::string error(const Value& declared) {
    try {
        parse_type(declared);
    } catch (const TypeError& error) {
        return error.path + " " + error.what();
    }
    return {};
}

TEST(Declaration, IsWrittenBackAsItWasRead) {
    for (const std::string name :
         {"any",        "id",    "str",    "int",  "float", "bool",     "email",      "phone",
          "uri:web",    "ip",    "time",   "file", "bin",   "geo",      "locale",     "locales",
          "privileges", "attrs", "access", "diff", "date",  "datetime", "time_of_day"})
        EXPECT_EQ(round_trip("\"" + name + "\""), "\"" + name + "\"");
    for (const std::string json :
         {R"(["id"])", R"([["str"]])", R"({"enum":["a",1,true,1.5]})", R"([{"enum":["a"]}])", R"({"a":"int"})",
          R"({"a?":"int","b":["str"]})", R"([{"a":{"b?":{"enum":[1]}}}])", R"({"enum":"int","b":"str"})",
          R"({"enum?":"int"})", R"({"int?":"int"})", R"({"int":"str","str":"int"})", R"(["str","int"])",
          R"({"a":["str",["int"]]})"})
        EXPECT_EQ(round_trip(json), json);
}

TEST(Declaration, OptionalChildrenEndInAQuestionMark) {
    const Type type = parse_type(Object{{"a?", "int"}, {"b", "str"}});
    EXPECT_EQ(type.children.at(0).name, "a");
    EXPECT_TRUE(type.children.at(0).optional);
    EXPECT_FALSE(type.children.at(1).optional);
}

TEST(Declaration, RefusalsNameTheNearestAndThePlace) {
    EXPECT_NE(error("strr").find("did you mean \"str\""), std::string::npos);
    EXPECT_TRUE(error(Object{{"a", List{Object{{"b", "integer"}}}}}).starts_with(".a[0].b "));
    EXPECT_NE(error(List{"a", "b"}).find("{\"enum\""), std::string::npos);
}

TEST(Declaration, RefusesWhatIsNoType) {
    for (const char* json :
         {"null",
          "5",
          "true",
          "\"\"",
          "\"STR\"",
          "\"list\"",
          "\"object\"",
          "[]",
          "[\"str\",null]",
          "[\"str\",\"str2\"]",
          "\"dict\"",
          "\"union\"",
          "\"counter\"",
          R"([{"counter":"$__counter"}])",
          R"({"a":{"counter":"$__counter"}})",
          R"({"union":["str",{"counter":"$__counter"}]})",
          "{}",
          R"({"enum":[]})",
          R"({"enum":"a"})",
          R"({"enum":[null]})",
          R"({"enum":[["a"]]})",
          R"({"enum":["a","a"]})",
          R"({"":"int"})",
          R"({"?":"int"})",
          R"({"a":"int","a?":"int"})",
          R"({"a.b":"int"})",
          R"({"$a":"int"})",
          R"({"__proto__":"int"})",
          R"({"a b":"int"})",
          R"({"1":"int"})",
          R"({"a":null})"})
        EXPECT_NE(error(base::parse_json(json)), "") << json;
}

TEST(Declaration, DepthIsBounded) {
    Value deep = "int";
    for (int level = 0; level < 200; ++level) deep = List{std::move(deep)};
    EXPECT_NE(error(deep).find("nest"), std::string::npos);
}

}  // namespace
}  // namespace limp::types
