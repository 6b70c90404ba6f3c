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
    for (int kind = 0; kind <= static_cast<int>(Kind::diff); ++kind) {
        Type type = Type::of(static_cast<Kind>(kind));
        if (type.kind == Kind::list) type = Type::list_of(Type::of(Kind::any));
        EXPECT_THROW(operand(type, object), TypeError) << kind;
        EXPECT_THROW(operand(type, List{1}), TypeError) << kind;
        EXPECT_THROW(operand(type, nullptr), TypeError) << kind;
    }
}

TEST(Operand, WholeObjectsOfNoDeclaredShapeDoNotCompare) {
    for (const Kind kind : {Kind::file, Kind::bin, Kind::geo, Kind::privileges, Kind::attrs, Kind::access, Kind::diff})
        EXPECT_THROW(operand(kind, "x"), TypeError);
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

TEST(HoldsFiles, IsSoOfFilesAndBytesAtAnyDepth) {
    const auto object_of = [](Kind kind) { return Type::object_of({{"x", Type::of(kind), false, {}}}); };
    for (const Kind kind : {Kind::file, Kind::bin}) {
        EXPECT_TRUE(holds_files(Type::of(kind)));
        EXPECT_TRUE(holds_files(Type::list_of(Type::list_of(Type::of(kind)))));
        EXPECT_TRUE(holds_files(Type::list_of(object_of(kind))));
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
    EXPECT_EQ(present(Type::of(Kind::attrs), file), Value(file));
    EXPECT_EQ(present(type, nullptr), Value());
}

}  // namespace
}  // namespace limp::types
