// Dicts and unions; lists and objects are in shapes_test.cpp.
#include <gtest/gtest.h>

#include <string>

#include "base/json.hpp"
#include "types/test_context.hpp"

namespace limp::types {
namespace {

Type declared(const std::string& json) {
    return parse_type(base::parse_json(json));
}

Value json(const std::string& text) {
    return base::parse_json(text);
}

TEST(Dict, KeysAndValuesAreOfTheirTypes) {
    const Type type = declared(R"({"dict":{"key":"id","value":["time"]}})");
    EXPECT_EQ(
        base::to_json(TestContext().convert(type, json(R"({"F00000000000000000000010":[0]})"))),
        R"({"f00000000000000000000010":["1970-01-01T00:00:00.000Z"]})"
    );
    EXPECT_EQ(
        TestContext().error(type, json(R"({"f0":[]})")),
        " must not have the key \"f0\": a key must be an id of 24 hex digits, or an object with such an _id; it is "
        "\"f0\""
    );
    EXPECT_TRUE(TestContext()
                    .error(type, json(R"({"f00000000000000000000010":["x"]})"))
                    ->starts_with(".f00000000000000000000010[0] must be a time"));
}

TEST(Dict, TwoKeysDoNotBecomeOne) {
    const Type type = declared(R"({"dict":{"key":"id","value":"int"}})");
    EXPECT_EQ(
        TestContext().error(type, json(R"({"F00000000000000000000010":1,"f00000000000000000000010":2})")),
        " must not have the key \"f00000000000000000000010\" twice"
    );
}

TEST(Dict, KeysCanStandInPaths) {
    const Type type = declared(R"({"dict":{"value":"int"}})");
    for (const std::string key : {"", "a.b", "$a", "__proto__", "__file", "__"})
        EXPECT_TRUE(TestContext().error(type, Object{{key, 1}})) << key;
    EXPECT_FALSE(TestContext().error(type, Object{{"_a", 1}, {"a b", 2}, {"\xC3\xA4", 3}}));
}

TEST(Dict, NullsAreLeftOutAndRequiredKeysAreThere) {
    const Type type = declared(R"({"dict":{"value":"int","required":["a","b"]}})");
    EXPECT_EQ(TestContext().error(type, json(R"({"a":1,"b":null})")), ".b must not be null; leave it out");
    EXPECT_EQ(TestContext().error(type, json(R"({"a":1,"c":2})")), " must hold \"b\"");
    EXPECT_FALSE(TestContext().error(type, json(R"({"c":1,"b":2,"a":3})")));
}

TEST(Dict, ManyKeysAreQuick) {
    Object many;
    for (int at = 0; at < 100'000; ++at) many.append("k" + std::to_string(at), at);
    const Value stored = TestContext().convert(declared(R"({"dict":{"value":"int"}})"), many);
    EXPECT_EQ(base::to_json(stored), base::to_json(many));
}

TEST(Union, TheFirstTypeThatFitsConverts) {
    const Type type = declared(R"({"union":["float","id",{"str":{"max":3}},["int"]]})");
    EXPECT_EQ(TestContext().convert(type, 3), Value(3.0));
    EXPECT_EQ(TestContext().convert(type, "F00000000000000000000010"), Value("f00000000000000000000010"));
    EXPECT_EQ(TestContext().convert(type, "abc"), Value("abc"));
    EXPECT_EQ(TestContext().convert(type, List{1}), Value(List{1}));
    EXPECT_EQ(
        TestContext().error(type, "abcd"),
        " must be of one of the types float, id, {\"str\":{\"max\":3}}, [\"int\"]; it is a text"
    );
    EXPECT_TRUE(TestContext().error(type, true));
    EXPECT_EQ(
        TestContext().error(declared(R"(["int","bool"])"), json(R"([1,true,"x"])")),
        "[2] must be of one of the types int, bool; it is a text"
    );
}

TEST(Union, KeepsBytesOnceAndOnlyOfWhatItIs) {
    const Type type = declared(R"({"union":[{"a":"bin","b":"int"},{"a":"bin","b":"str"},"str"]})");
    TestContext test;
    test.convert(type, json(R"({"a":"QUI=","b":"x"})"));
    EXPECT_EQ(test.kept.size(), 1U);
    test.convert(type, "x");
    EXPECT_EQ(test.kept.size(), 1U);
}

TEST(Union, StoredValuesPassAsTheyAre) {
    TestContext test;
    Context context = test.context();
    context.is_stored = true;
    const Type type = declared(R"({"union":["int",{"file":{"types":["image/*"]}},"time"]})");
    for (const char* stored :
         {"1", R"({"name":"a","type":"image/png","size":1,"lastModified":0,"__file":"f"})",
          R"("1970-01-01T00:00:00.000Z")"})
        EXPECT_EQ(convert(type, json(stored), context), json(stored)) << stored;
    EXPECT_TRUE(test.kept.empty());
}

TEST(Union, NestingCostsNoMoreThanItsTypes) {
    std::string type = R"("bin")";
    for (int level = 0; level < 7; ++level) type = R"({"union":["int",[)" + type + "]]}";
    std::string value = "true";
    for (int level = 0; level < 7; ++level) value = "[" + value + "]";
    EXPECT_TRUE(TestContext().error(declared(type), json(value)));
}

}  // namespace
}  // namespace limp::types
