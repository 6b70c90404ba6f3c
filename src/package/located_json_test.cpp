#include "package/located_json.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace limp::package {
namespace {

Node parse(const std::string& text) {
    return parse_located_json(text);
}

int line_of_error(const std::string& text) {
    try {
        parse(text);
    } catch (const LocatedJsonError& error) {
        return error.line;
    }
    return 0;
}

TEST(LocatedJson, KnowsLinesThroughComments) {
    const Node root = parse("// head\n{\n  \"a\": 1, /* two\n  lines */ \"b\": [\n    2,\n    {\"c\": 3}\n  ]\n}\n");
    EXPECT_EQ(root.line, 2);
    EXPECT_EQ(root.find("a")->line, 3);
    EXPECT_EQ(root.find("b")->line, 4);
    EXPECT_EQ(root.find("b")->nodes[0].line, 5);
    EXPECT_EQ(root.find("b")->nodes[1].find("c")->line, 6);
    EXPECT_EQ(root.find("z"), nullptr);
}

TEST(LocatedJson, KeepsTheOrderOfMembers) {
    const Node root = parse(R"({"zeta": 1, "alpha": null, "mid": {}, "beta": []})");
    std::string names;
    for (const Node& member : root.nodes) names += member.name + ' ';
    EXPECT_EQ(names, "zeta alpha mid beta ");
}

TEST(LocatedJson, ReadsScalarsExactly) {
    const Value value =
        parse(
            R"([9223372036854775807, -9223372036854775808, 0.1, 1e3, 5e-324, "\u00e9\ud83d\ude00\n\u0000", true, null])"
        )
            .value();
    const List& list = value.list();
    EXPECT_EQ(list[0], Value(std::numeric_limits<std::int64_t>::max()));
    EXPECT_EQ(list[1], Value(std::numeric_limits<std::int64_t>::min()));
    EXPECT_EQ(list[2], Value(0.1));
    EXPECT_EQ(list[3], Value(1000.0));
    EXPECT_EQ(list[4], Value(5e-324));
    EXPECT_EQ(list[5], Value(std::string("é😀\n\0", 8)));
    EXPECT_EQ(list[6], Value(true));
    EXPECT_EQ(list[7], Value());
}

TEST(LocatedJson, IgnoresAByteOrderMark) {
    EXPECT_EQ(parse("\xEF\xBB\xBF{\n\"a\": 1}").find("a")->line, 2);
}

TEST(LocatedJson, RefusesWhatIsNotJsonAndNamesTheLine) {
    EXPECT_EQ(line_of_error("{\n\"a\": 1,\n\"a\": 2}"), 3);         // twice
    EXPECT_EQ(line_of_error("{\n\"a\": 1,\n}"), 3);                 // trailing comma
    EXPECT_EQ(line_of_error("{\n\"a\": 1\n\"b\": 2}"), 3);          // missing comma
    EXPECT_EQ(line_of_error("{\n\"a\": 9223372036854775808}"), 2);  // past int64
    EXPECT_EQ(line_of_error("{\n\"a\": 01}"), 2);                   // not a number of JSON
    EXPECT_EQ(line_of_error("{\n\"a\": NaN}"), 2);
    EXPECT_EQ(line_of_error("{\n\"a\": 'x'}"), 2);
    EXPECT_EQ(line_of_error("{\n\"a\": \"\\udc00\"}"), 2);  // half a character
    EXPECT_EQ(line_of_error("{\n\"\\udc00\": 1}"), 2);
    EXPECT_EQ(line_of_error("{\n\"a\": \"x\ty\"}"), 2);  // raw control character
    EXPECT_EQ(line_of_error("{}\n{}"), 2);               // something after it
    EXPECT_NE(line_of_error(""), 0);
    EXPECT_NE(line_of_error("\"\xC3(\""), 0);  // no UTF-8
    EXPECT_NE(line_of_error("{"), 0);
    EXPECT_NE(line_of_error("// only a comment"), 0);
}

TEST(LocatedJson, BoundsTheDepth) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_EQ(line_of_error(nested(50)), 0);
    EXPECT_NE(line_of_error(nested(100)), 0);
    EXPECT_NE(line_of_error(nested(100'000)), 0);
}

TEST(LocatedJson, FindsTheNearestPlace) {
    const Node root = parse("{\n\"a\": {\n\"b\": [\n1,\n{\n\"c\": 2}\n]}}");
    EXPECT_EQ(nearest_place(root, "").line, 1);
    EXPECT_EQ(nearest_place(root, "a").line, 2);
    EXPECT_EQ(nearest_place(root, "a.b").line, 3);
    EXPECT_EQ(nearest_place(root, ".a.b[1]").line, 5);
    EXPECT_EQ(nearest_place(root, "a.b[1].c").line, 6);
    EXPECT_EQ(nearest_place(root, "a.b[1].d").line, 5);
    EXPECT_EQ(nearest_place(root, "a.b[7].c").line, 3);
    EXPECT_EQ(nearest_place(root, "a.b[x]").line, 3);
    EXPECT_EQ(nearest_place(root, "a.b[1").line, 5);
    EXPECT_EQ(nearest_place(root, "a[0]").line, 2);
    EXPECT_EQ(nearest_place(root, "z.y").line, 1);
}

}  // namespace
}  // namespace limp::package
