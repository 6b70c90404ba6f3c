// Operands of filters, children of types, and what readers see.
#include <gtest/gtest.h>

#include <string>

#include "base/json.hpp"
#include "types/test_context.hpp"

namespace limp::types {
namespace {

using Kind = Type::Kind;
using namespace std::string_literals;

Value operand(const Type& type, const Value& value) {
    TestContext test;
    return convert_operand(type, value, test.context());
}
Value operand(Kind kind, const Value& value) {
    return operand(Type::of(kind), value);
}

TEST(Operand, IsConvertedAsItIsStored) {
    EXPECT_EQ(operand(Kind::id, "F00000000000000000000010"), Value("f00000000000000000000010"));
    EXPECT_EQ(operand(Kind::time, 0), Value("1970-01-01T00:00:00.000Z"));
    EXPECT_EQ(operand(Kind::real, 1), Value(1.0));
    EXPECT_EQ(operand(Kind::ip, "::0"), Value("::"));
    EXPECT_EQ(operand(Type::list_of(Type::of(Kind::time)), 0), Value("1970-01-01T00:00:00.000Z"));
    EXPECT_EQ(operand(Kind::locale, "text"), Value("text"));
    EXPECT_EQ(operand(Kind::email, "no address"), Value("no address"));
    EXPECT_EQ(operand(Type::object_of({{"a", Type::of(Kind::integer), false, {}}}), 5), Value(5));
}

TEST(Operand, IsNeverAnOperatorInDisguise) {
    const Object object = {{"$ne", 1}};
    for (int kind = 0; kind <= static_cast<int>(Kind::counter); ++kind) {
        Type type = Type::of(static_cast<Kind>(kind));
        type.element = {Type::of(Kind::str), Type::of(Kind::any)};
        EXPECT_THROW(operand(type, object), TypeError) << kind;
        EXPECT_THROW(operand(type, List{1}), TypeError) << kind;
        EXPECT_THROW(operand(type, nullptr), TypeError) << kind;
    }
}

TEST(Operand, WholeObjectsOfNoDeclaredShapeDoNotCompare) {
    for (const Kind kind : {Kind::file, Kind::bin, Kind::geo, Kind::privileges, Kind::attrs, Kind::access, Kind::diff})
        EXPECT_THROW(operand(kind, "x"), TypeError);
}

TEST(Operand, IsNotNarrowedAsValuesAre) {
    const auto declared = [](const char* json) { return parse_type(base::parse_json(json)); };
    EXPECT_EQ(operand(declared(R"({"int":{"max":10}})"), 50), Value(50));
    EXPECT_EQ(operand(declared(R"({"str":{"pattern":"[a-z]+","min":3}})"), "A"), Value("A"));
    EXPECT_EQ(operand(declared(R"({"date":{"min":"2020-01-01"}})"), "1999-01-01"), Value("1999-01-01"));
    EXPECT_EQ(operand(declared(R"({"list":{"of":"int","min":2}})"), 1), Value(1));
    EXPECT_EQ(operand(declared(R"({"counter":"INV-$__counter"})"), "INV"), Value("INV"));
    EXPECT_EQ(operand(Kind::time_of_day, "13:11"), Value("13:11:00.000"));
    EXPECT_THROW(operand(Kind::date, "2023-02-29"), TypeError);
}

TEST(Operand, OfAUnionIsAsTheTypeStoresItThatTakesIt) {
    const Type type = parse_type(base::parse_json(R"({"union":[{"str":{"max":2}},"time",{"int":{"max":10}}]})"));
    EXPECT_EQ(operand(type, "ab"), Value("ab"));
    EXPECT_EQ(operand(type, "2026-11-22T17:11+04:00"), Value("2026-11-22T13:11:00.000Z"));
    EXPECT_EQ(operand(type, "abc"), Value("abc"));
    EXPECT_THROW(operand(type, true), TypeError);
}

TEST(Child, IsFoundByName) {
    TestContext test;
    const Context context = test.context();
    const Type object = Type::object_of({{"at", Type::of(Kind::time), false, {}}});
    EXPECT_EQ(child(object, "at", context)->kind, Kind::time);
    EXPECT_EQ(child(Type::list_of(object), "at", context)->kind, Kind::time);
    EXPECT_EQ(child(Type::of(Kind::locale), "en_AE", context)->kind, Kind::str);
    for (const Kind kind : {Kind::any, Kind::attrs, Kind::privileges})
        EXPECT_EQ(child(Type::of(kind), "whatever", context)->kind, Kind::any);
}

TEST(Child, IsNowhereElse) {
    TestContext test;
    const Context context = test.context();
    EXPECT_FALSE(child(Type::object_of({}), "at", context));
    EXPECT_FALSE(child(Type::of(Kind::locale), "fr_FR", context));
    for (const Kind kind :
         {Kind::id, Kind::str, Kind::time, Kind::file, Kind::bin, Kind::geo, Kind::access, Kind::diff})
        EXPECT_FALSE(child(Type::of(kind), "name", context));
    for (const std::string& name : {""s, "$where"s, "__proto__"s, "a\0"s, "a\"b"s, "a\\b"s, "a\nb"s, "\xFF"s})
        EXPECT_FALSE(child(Type::of(Kind::attrs), name, context)) << name;
}

TEST(Child, OfADictIsAnEntry) {
    TestContext test;
    const Type type = parse_type(base::parse_json(R"({"dict":{"key":{"enum":["a","b"]},"value":"int"}})"));
    EXPECT_EQ(child(type, "a", test.context())->kind, Kind::integer);
    const Type open = parse_type(base::parse_json(R"({"dict":{"value":"str"}})"));
    EXPECT_EQ(child(open, "whatever", test.context())->kind, Kind::str);
    for (const char* name : {"", "c", "__file", "$a"}) EXPECT_FALSE(child(type, name, test.context())) << name;
    for (const char* name : {"", "__file", "$a", "a\"b"}) EXPECT_FALSE(child(open, name, test.context())) << name;
}

TEST(Child, OfAUnionIsWhatItsTypesHaveThere) {
    TestContext test;
    const Type type = parse_type(base::parse_json(R"({"union":["str",{"a":"int","b":"str"},{"a":"time"}]})"));
    EXPECT_EQ(child(type, "b", test.context())->kind, Kind::str);
    const Type both = *child(type, "a", test.context());
    ASSERT_EQ(both.kind, Kind::any_of);
    EXPECT_EQ(both.element.size(), 2U);
    EXPECT_FALSE(child(type, "c", test.context()));
}

TEST(HoldsFiles, IsSoOfFilesAndBytesAtAnyDepth) {
    const auto object_of = [](Kind kind) { return Type::object_of({{"x", Type::of(kind), false, {}}}); };
    for (const Kind kind : {Kind::file, Kind::bin}) {
        EXPECT_TRUE(holds_files(Type::of(kind)));
        EXPECT_TRUE(holds_files(Type::list_of(Type::list_of(Type::of(kind)))));
        EXPECT_TRUE(holds_files(Type::list_of(object_of(kind))));
        for (const Kind outer : {Kind::dict, Kind::any_of}) {
            Type type = Type::of(outer);
            type.element = {Type::of(Kind::str), object_of(kind)};
            EXPECT_TRUE(holds_files(type));
            type.element.pop_back();
            EXPECT_FALSE(holds_files(type));
        }
    }
    for (const Kind kind : {Kind::any, Kind::attrs, Kind::str}) {
        EXPECT_FALSE(holds_files(Type::of(kind)));
        EXPECT_FALSE(holds_files(Type::list_of(object_of(kind))));
    }
}

TEST(Present, LeavesOutWhatIsKeptApart) {
    const Object file = {{"name", "a"}, {"__file", "x"}};
    const Object shown = {{"name", "a"}};
    const Type type = Type::of(Kind::file);
    EXPECT_EQ(present(type, file), Value(shown));
    EXPECT_EQ(present(Type::list_of(type), List{file, file}), Value(List{shown, shown}));
    const Type inner = Type::object_of({{"photo", type, false, {}}, {"n", Type::of(Kind::integer), true, {}}});
    EXPECT_EQ(present(inner, Object{{"photo", file}, {"n", 1}}), Value(Object{{"photo", shown}, {"n", 1}}));
    EXPECT_EQ(present(Type::of(Kind::bin), Object{{"__file", "x"}, {"size", 2}}), Value(Object{{"size", 2}}));
    Type either = Type::of(Kind::any_of);
    either.element = {Type::of(Kind::str), type, Type::list_of(type)};
    EXPECT_EQ(present(either, file), Value(shown));
    EXPECT_EQ(present(either, List{file}), Value(List{shown}));
    EXPECT_EQ(present(either, "a"), Value("a"));
    Type dict = Type::of(Kind::dict);
    dict.element = {Type::of(Kind::str), type};
    EXPECT_EQ(present(dict, Object{{"x", file}}), Value(Object{{"x", shown}}));
    EXPECT_EQ(present(Type::of(Kind::attrs), file), Value(file));
    EXPECT_EQ(present(type, nullptr), Value());
}

}  // namespace
}  // namespace limp::types
