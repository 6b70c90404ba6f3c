#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "types/test_context.hpp"

namespace limp::types {
namespace {

using Kind = Type::Kind;

TEST(Scalars, AnObjectWithAnIdStandsForIt) {
    const Object user = {{"name", "x"}, {"_id", "F00000000000000000000010"}};
    EXPECT_EQ(TestContext().convert(Kind::id, user), Value("f00000000000000000000010"));
    EXPECT_TRUE(TestContext().error(Kind::id, Object{{"_id", 5}}));
    EXPECT_TRUE(TestContext().error(Kind::id, Object{{"_id", Object{{"_id", "f00000000000000000000010"}}}}));
    EXPECT_TRUE(TestContext().error(Kind::id, Object{{"$ne", 1}}));
}

TEST(Scalars, IdsAreExactlyHex) {
    for (const std::string text :
         {"f0000000000000000000001", "f000000000000000000000100", "g00000000000000000000010",
          " f0000000000000000000001", "f00000000000000000000010\n"})
        EXPECT_TRUE(TestContext().error(Kind::id, text)) << text;
    EXPECT_TRUE(TestContext().error(Kind::id, std::string(24, '\0')));
}

TEST(Scalars, WholeNumbersNeverPassThroughADouble) {
    for (const std::int64_t number :
         {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min(),
          (std::int64_t{1} << 53) + 1})
        EXPECT_EQ(TestContext().convert(Kind::integer, number).integer(), number);
    EXPECT_EQ(TestContext().error(Kind::integer, "42"), " must be a whole number, without quotes; it is a text");
    EXPECT_TRUE(TestContext().error(Kind::integer, 42.0));
}

TEST(Scalars, RealsAreFinite) {
    EXPECT_TRUE(TestContext().error(Kind::real, std::numeric_limits<double>::infinity()));
    EXPECT_TRUE(TestContext().error(Kind::real, std::numeric_limits<double>::quiet_NaN()));
    EXPECT_TRUE(TestContext().convert(Kind::real, 3).is_real());
}

TEST(Scalars, BoolsMayBeQuoted) {
    EXPECT_EQ(TestContext().convert(Kind::boolean, "true"), Value(true));
    for (const Value& value : {Value("True"), Value("1"), Value(""), Value(0), Value(1)})
        EXPECT_TRUE(TestContext().error(Kind::boolean, value));
}

TEST(Scalars, TimesComeAsTextOrSeconds) {
    EXPECT_EQ(TestContext().convert(Kind::time, "2026-11-22T13:11:00.123Z"), Value("2026-11-22T13:11:00.123Z"));
    EXPECT_EQ(TestContext().convert(Kind::time, 0), Value("1970-01-01T00:00:00.000Z"));
    EXPECT_EQ(TestContext().convert(Kind::time, 1549000000.123), Value("2019-02-01T05:46:40.123Z"));
    EXPECT_EQ(TestContext().convert(Kind::time, 253402300799), Value("9999-12-31T23:59:59.000Z"));
    EXPECT_EQ(TestContext().convert(Kind::time, -62167219200), Value("0000-01-01T00:00:00.000Z"));
}

TEST(Scalars, TimesOutsideFourDigitYearsAreRefused) {
    for (const Value& value :
         {Value(253402300800), Value(-62167219201), Value(std::numeric_limits<std::int64_t>::max()),
          Value(std::numeric_limits<std::int64_t>::min()), Value(1e300), Value(-1e300), Value(253402300799.9999),
          Value(std::numeric_limits<double>::quiet_NaN())})
        EXPECT_TRUE(TestContext().error(Kind::time, value));
    EXPECT_NE(TestContext().error(Kind::time, 1795353060123)->find("Date.now()"), std::string::npos);
    EXPECT_EQ(TestContext().error(Kind::time, -1795353060123)->find("Date.now()"), std::string::npos);
    for (const char* text : {"2026-11-22", "2026-11-22T13:11:00", "2026-02-30T00:00:00Z", "now", "1549000000"})
        EXPECT_TRUE(TestContext().error(Kind::time, text)) << text;
}

TEST(Scalars, ChoicesAreExact) {
    const Type type = Type::one_of({"draft", "published", 1});
    EXPECT_EQ(TestContext().convert(type, 1), Value(1));
    EXPECT_TRUE(TestContext().error(type, 1.0));
    EXPECT_EQ(TestContext().error(type, "Draft"), " must be one of \"draft\", \"published\", 1");
}

}  // namespace
}  // namespace limp::types
