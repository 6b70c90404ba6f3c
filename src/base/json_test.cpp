#include "base/json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <thread>
#include <vector>

namespace limp::base {
namespace {

using namespace std::literals;

std::string repeat(std::string_view text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i) result += text;
    return result;
}

std::string nested(std::size_t depth) {
    return repeat("[", depth) + repeat("]", depth);
}

// An object of that many members, named by number.
std::string wide(std::size_t members) {
    std::string text = "{";
    for (std::size_t i = 0; i < members; ++i) text += (i ? ",\"" : "\"") + std::to_string(i) + "\":0";
    return text + "}";
}

std::string why_not(std::string_view text, const JsonLimits& limits = {}) {
    try {
        parse_json(text, limits);
    } catch (const JsonError& error) {
        return error.what();
    }
    return "";
}

TEST(Json, ReadsEveryKind) {
    EXPECT_EQ(parse_json("null"), Value());
    EXPECT_EQ(parse_json("true"), Value(true));
    EXPECT_EQ(parse_json(" false\n"), Value(false));
    EXPECT_EQ(parse_json("12"), Value(12));
    EXPECT_EQ(parse_json("\"a\""), Value("a"));
    EXPECT_EQ(parse_json("[]"), Value(List{}));
    EXPECT_EQ(parse_json("{}"), Value(Object{}));
    EXPECT_EQ(
        parse_json(R"({"a": [1, {"b": null}], "": -2.5})"),
        Value(Object{{"a", List{1, Object{{"b", nullptr}}}}, {"", -2.5}})
    );
}

TEST(Json, KeepsTheOrderOfMembers) {
    const Value value = parse_json(R"({"z":1,"a":2,"m":3})");
    EXPECT_EQ(value.object().begin()->name, "z");
    EXPECT_EQ(to_json(value), R"({"z":1,"a":2,"m":3})");
}

TEST(Json, TellsIntegersFromReals) {
    EXPECT_EQ(parse_json("1"), Value(1));
    EXPECT_EQ(parse_json("-0"), Value(0));
    EXPECT_EQ(parse_json("1.0"), Value(1.0));
    EXPECT_EQ(parse_json("1e3"), Value(1000.0));
    EXPECT_EQ(parse_json("1E+3"), Value(1000.0));
    EXPECT_TRUE(std::signbit(parse_json("-0.0").real()));
    EXPECT_EQ(parse_json("9223372036854775807"), Value(INT64_MAX));
    EXPECT_EQ(parse_json("-9223372036854775808"), Value(INT64_MIN));
    EXPECT_EQ(parse_json("9223372036854775808.0"), Value(9223372036854775808.0));
    EXPECT_EQ(parse_json("1e-400"), Value(0.0));
}

TEST(Json, RefusesNumbersThatDoNotFit) {
    for (const auto* text :
         {"9223372036854775808", "18446744073709551615", "18446744073709551616", "-9223372036854775809",
          "123456789012345678901234567890", "1e400", "-1e400"}) {
        EXPECT_NE(why_not(text), "") << text;
        EXPECT_NE(why_not("[" + std::string(text) + "]"), "") << text;
    }
}

TEST(Json, RefusesWhatIsNoJson) {
    for (const auto text : {
             ""sv,
             " "sv,
             "\n\t"sv,
             "nul"sv,
             "True"sv,
             "NaN"sv,
             "Infinity"sv,
             "undefined"sv,
             "'a'"sv,
             "a"sv,
             "01"sv,
             "+1"sv,
             "1."sv,
             ".5"sv,
             "1e"sv,
             "0x1"sv,
             "-"sv,
             "1 2"sv,
             "{} {}"sv,
             "[] x"sv,
             "[1,]"sv,
             "[,1]"sv,
             "[1 2]"sv,
             "["sv,
             "]"sv,
             "[1"sv,
             "{"sv,
             "}"sv,
             "[}"sv,
             "{\"a\"}"sv,
             "{\"a\":}"sv,
             "{\"a\":1,}"sv,
             "{a:1}"sv,
             "{1:2}"sv,
             "{'a':1}"sv,
             "\"a"sv,
             "\"\\x\""sv,
             "\"\\u12\""sv,
             "\"\\u12g4\""sv,
             "\"a\nb\""sv,
             "\"\x01\""sv,
             "\"a\0b\""sv,
             "{}\0"sv,
             "\0"sv,
             "// a\n1"sv,
             "1 // a"sv,
             "/**/1"sv,
             "\f1"sv,
             "\xC2\xA0"
             "1"sv,
         }) {
        EXPECT_NE(why_not(text), "") << text;
    }
}

TEST(Json, RefusesAByteOrderMark) {
    EXPECT_NE(why_not("\xEF\xBB\xBF{}"), "");
    EXPECT_NE(why_not("\xFF\xFE{\0}\0"sv), "");
}

TEST(Json, ReadsEscapes) {
    EXPECT_EQ(parse_json(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\u20AC")"), Value("\"\\/\b\f\n\r\tAé€"));
    EXPECT_EQ(parse_json(R"("\ud83d\ude00")"), Value("😀"));
    EXPECT_EQ(parse_json(R"("a\u0000b")"), Value("a\0b"sv));
    EXPECT_EQ(parse_json(R"({"\u0061":1})"), Value(Object{{"a", 1}}));
}

TEST(Json, RefusesLoneSurrogates) {
    for (const auto* text :
         {R"("\ud800")", R"("\udc00")", R"("\ud800\u0041")", R"("\ud800x")", R"("\ud800\n")", R"("\ud800\ud800")",
          R"("\udc00\ud800")", R"("\ud83d\ude0")", R"({"\udfff":1})"})
        EXPECT_NE(why_not(text), "") << text;
}

TEST(Json, RefusesInvalidUtf8) {
    for (const auto* text :
         {"\"\xFF\"", "\"\x80\"", "\"\xC3\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\""})
        EXPECT_NE(why_not(text), "") << text;
}

TEST(Json, RefusesDuplicateKeysAnywhere) {
    EXPECT_NE(why_not(R"({"a":1,"a":1})"), "");
    EXPECT_NE(why_not(R"({"a":1,"b":2,"a":null})"), "");
    EXPECT_NE(why_not(R"({"a":1,"\u0061":2})"), "");
    EXPECT_NE(why_not(R"({"":1,"":2})"), "");
    EXPECT_NE(why_not(R"([{"x":{"a":1,"a":2}}])"), "");
    EXPECT_EQ(why_not(R"({"a":{"a":{"a":1}},"A":1,"aa":1})"), "");
    EXPECT_NE(why_not(R"({"secret\n":1,"secret\n":2})").find(R"("secret\n")"), std::string::npos);
}

TEST(Json, RefusesDuplicateKeysInWideObjectsToo) {
    for (const std::size_t members : {15U, 16U, 17U, 18U, 1000U}) {
        const std::string text = wide(members);
        EXPECT_EQ(parse_json(text).object().size(), members);
        EXPECT_NE(why_not(text.substr(0, text.size() - 1) + ",\"0\":1}"), "") << members;
        EXPECT_NE(why_not(text.substr(0, text.size() - 1) + ",\"7\":1}"), "") << members;
    }
}

TEST(Json, HoldsTheDepthExactly) {
    for (const std::size_t depth : {1U, 2U, 64U, 1500U}) {
        const JsonLimits limits{.depth = depth};
        EXPECT_EQ(why_not(nested(depth), limits), "") << depth;
        EXPECT_NE(why_not(nested(depth + 1), limits), "") << depth;
        EXPECT_NE(why_not(nested(depth + 2), limits), "") << depth;
        const std::string filled = repeat("{\"a\":[0,", depth / 2) + "1" + repeat("]}", depth / 2);
        EXPECT_EQ(why_not(filled, limits), "") << depth;
        EXPECT_NE(why_not("[[0," + filled + "]]", limits), "") << depth;
    }
    EXPECT_EQ(why_not("1", {.depth = 0}), "");
    EXPECT_NE(why_not("[]", {.depth = 0}), "");
}

TEST(Json, RefusesDepthsThatWouldBurstTheStack) {
    EXPECT_EQ(why_not(nested(10'000)), "the JSON is nested deeper than 64 levels");
    EXPECT_NE(why_not(repeat("[", 1'000'000)), "");
    EXPECT_NE(why_not(repeat("{\"a\":", 100'000)), "");
}

TEST(Json, HoldsTheNumberOfValuesExactly) {
    const JsonLimits five{.values = 5};
    EXPECT_EQ(why_not("[1,2,3,4,5]", five), "");
    EXPECT_NE(why_not("[1,2,3,4,5,6]", five), "");
    EXPECT_EQ(why_not(R"({"a":[1,2],"b":{"c":3}})", five), "");
    EXPECT_NE(why_not(R"({"a":[1,2],"b":{"c":3,"d":4}})", five), "");
    EXPECT_NE(why_not("[[],[],[],[],[],[]]", five), "");
    EXPECT_NE(why_not("[" + repeat("0,", 100'000) + "0]"), "");
    EXPECT_EQ(why_not("[" + repeat("0,", 99'999) + "0]"), "");
}

TEST(Json, ALimitOfOneCallIsNotThatOfTheNext) {
    EXPECT_NE(why_not(nested(3), {.depth = 2}), "");
    EXPECT_EQ(why_not(nested(64)), "");
    EXPECT_NE(why_not(nested(3), {.depth = 2}), "");
}

TEST(Json, ReadsLongTextsAndShortOnesAfterThem) {
    const std::string text(2'000'000, 'x');
    EXPECT_EQ(parse_json("[\"" + text + "\"]").list()[0].string(), text);
    EXPECT_EQ(parse_json("[\"short\"]"), Value(List{"short"}));
    EXPECT_NE(why_not("{"), "");
    EXPECT_EQ(parse_json("{}"), Value(Object{}));
}

TEST(Json, ReadsATextThatEndsWithItsLastByte) {
    const std::vector<char> exact = {'[', '1', '2', ']'};
    EXPECT_EQ(parse_json({exact.data(), exact.size()}), Value(List{12}));
    EXPECT_EQ(parse_json(std::string_view("123456").substr(0, 3)), Value(123));
}

TEST(Json, WritesEveryKind) {
    EXPECT_EQ(to_json(Value()), "null");
    EXPECT_EQ(to_json(Value(true)), "true");
    EXPECT_EQ(to_json(Value(false)), "false");
    EXPECT_EQ(to_json(Value(INT64_MIN)), "-9223372036854775808");
    EXPECT_EQ(to_json(Value(List{})), "[]");
    EXPECT_EQ(to_json(Object{}), "{}");
    EXPECT_EQ(
        to_json(Object{{"a", List{1, "b", nullptr}}, {"c", Object{{"", 1}}}}), R"({"a":[1,"b",null],"c":{"":1}})"
    );
}

TEST(Json, WritesAtTheEndOfWhatIsThere) {
    std::string out = "x=";
    append_json(out, Value(1));
    append_json(out, Object{{"a", 1}});
    append_json_string(out, "b");
    EXPECT_EQ(out, "x=1{\"a\":1}\"b\"");
}

TEST(Json, WritesRealsShortAndAsReals) {
    EXPECT_EQ(to_json(Value(1.0)), "1.0");
    EXPECT_EQ(to_json(Value(-0.0)), "-0.0");
    EXPECT_EQ(to_json(Value(0.1)), "0.1");
    EXPECT_EQ(to_json(Value(0.1 + 0.2)), "0.30000000000000004");
    EXPECT_EQ(to_json(Value(1e30)), "1e+30");
    EXPECT_EQ(to_json(Value(1e-7)), "1e-07");
    const double limits[] = {
        std::numeric_limits<double>::max(),
        std::numeric_limits<double>::min(),
        std::numeric_limits<double>::denorm_min(),
        -std::numeric_limits<double>::max(),
        5e-324,
        123456789.0,
        9007199254740993.0,
        2.2250738585072011e-308,
        1.7976931348623157e308,
    };
    for (const double real : limits) {
        const Value back = parse_json(to_json(Value(real)));
        EXPECT_EQ(back, Value(real)) << to_json(Value(real));
    }
}

TEST(Json, WritesStringsSoThatTheyReadBack) {
    EXPECT_EQ(
        to_json(Value("a\"b\\c/d\n\t\r\b\f\x01\x1F\x7F é€😀")),
        "\"a\\\"b\\\\c/d\\n\\t\\r\\b\\f\\u0001\\u001f\x7F é€😀\""
    );
    EXPECT_EQ(to_json(Value("\0"sv)), "\"\\u0000\"");
    EXPECT_EQ(to_json(Object{{"a\"\n", 1}}), "{\"a\\\"\\n\":1}");
    std::string every;
    for (int c = 0; c < 128; ++c) every += static_cast<char>(c);
    EXPECT_EQ(parse_json(to_json(Value(every))), Value(every));
}

TEST(Json, IsReadOnAllThreadsAtOnce) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([i] {
            const Value value = Object{{"thread", i}, {"list", List{1, 2.5, "x"}}};
            for (int n = 0; n < 500; ++n) ASSERT_EQ(parse_json(to_json(value)), value);
        });
    for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace limp::base
