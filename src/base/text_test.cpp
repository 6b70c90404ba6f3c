#include "base/text.hpp"

#include <gtest/gtest.h>

namespace limp::base {
namespace {

using Words = std::vector<std::string>;

TEST(Text, ChangesTheCaseOfAsciiAlone) {
    EXPECT_EQ(to_lower("Hello WORLD 123 @[`{ ÄÖ"), "hello world 123 @[`{ ÄÖ");
    EXPECT_EQ(to_upper("Hello world 123 @[`{ äö"), "HELLO WORLD 123 @[`{ äö");
    EXPECT_EQ(to_lower(""), "");
}

TEST(Text, FoldsTheLettersOfAllScripts) {
    EXPECT_EQ(fold_case("Hello WORLD"), "hello world");
    EXPECT_EQ(fold_case("ÄÖÜ ÉÇ ŁŠ"), "äöü éç łš");
    EXPECT_EQ(fold_case("ΣΊΣΥΦΟΣ"), fold_case("σίσυφος"));  // the final sigma too
    EXPECT_EQ(fold_case("ПРИВЕТ"), "привет");
    EXPECT_EQ(fold_case("ԲԱՐԵՎ"), "բարեվ");
    EXPECT_EQ(fold_case("𐐀"), "𐐨");
    EXPECT_EQ(fold_case("\u212A"), "k");  // the Kelvin sign
    EXPECT_EQ(fold_case("مرحبا 你好 🙂"), "مرحبا 你好 🙂");
}

TEST(Text, FoldsOneCodePointToOne) {
    EXPECT_EQ(fold_case("straße"), "straße");
    EXPECT_EQ(fold_case("STRAẞE"), "straße");
    EXPECT_EQ(fold_case("ﬁ"), "ﬁ");
}

TEST(Text, FoldsTwiceAsOnce) {
    for (const auto* text : {"İIıi", "ẞß", "ΣΊΣΥΦΟΣ", "ǅ", "ᾈ"}) EXPECT_EQ(fold_case(fold_case(text)), fold_case(text));
}

TEST(Text, FoldingLeavesInvalidBytes) {
    EXPECT_EQ(
        fold_case("A\xFF"
                  "B\xC3"),
        "a\xFF"
        "b\xC3"
    );
    EXPECT_EQ(fold_case("\xED\xA0\x80Z"), "\xED\xA0\x80z");  // a surrogate
    EXPECT_EQ(fold_case(std::string_view("A\0B", 3)), std::string_view("a\0b", 3));
}

TEST(Text, KnowsUtf8) {
    EXPECT_TRUE(is_utf8(""));
    EXPECT_TRUE(is_utf8("aä€𐐀"));
    EXPECT_TRUE(is_utf8("\xF4\x8F\xBF\xBF"));
    for (const auto* text :
         {"\xFF", "\x80", "\xC3", "\xC0\x80", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF0\x80\x80\x80"})
        EXPECT_FALSE(is_utf8(text));
}

TEST(Text, SplitsAndJoins) {
    EXPECT_EQ(split("a/b/c", '/'), (Words{"a", "b", "c"}));
    EXPECT_EQ(split("", '/'), (Words{""}));
    EXPECT_EQ(split("/", '/'), (Words{"", ""}));
    EXPECT_EQ(split("a//b", '/'), (Words{"a", "", "b"}));
    EXPECT_EQ(join(Words{"a", "b", "c"}, ", "), "a, b, c");
    EXPECT_EQ(join(Words{"", ""}, "/"), "/");
    EXPECT_EQ(join(Words{"a"}, ", "), "a");
    EXPECT_EQ(join(Words{}, ", "), "");
}

TEST(Text, NamesTheNearestWord) {
    const Words attrs = {"email", "username", "create_time", "groups", "id"};
    EXPECT_EQ(nearest("emial", attrs), "email");
    EXPECT_EQ(nearest("e-mail", attrs), "email");
    EXPECT_EQ(nearest("Email", attrs), "email");
    EXPECT_EQ(nearest("usrname", attrs), "username");
    EXPECT_EQ(nearest("createtime", attrs), "create_time");
    EXPECT_EQ(nearest("group", attrs), "groups");
    EXPECT_EQ(nearest("groups", attrs), "groups");
}

TEST(Text, NamesNothingThatIsFar) {
    const Words attrs = {"email", "username", "id"};
    EXPECT_EQ(nearest("password", attrs), "");
    EXPECT_EQ(nearest("e", attrs), "");
    EXPECT_EQ(nearest("", attrs), "");
    EXPECT_EQ(nearest("xd", attrs), "");
    EXPECT_EQ(nearest("email", {}), "");
    EXPECT_EQ(nearest("abcdef", Words{"abcxyz"}), "");
    EXPECT_EQ(nearest("abcdef", Words{"abcdxy"}), "abcdxy");
    EXPECT_EQ(nearest(std::string(1'000'000, 'a'), attrs), "");
}

TEST(Text, NamesTheNearestOfSeveralAndTheFirstOfEquals) {
    EXPECT_EQ(nearest("stautus", Words{"stature", "status"}), "status");
    EXPECT_EQ(nearest("attr", Words{"attx", "attrs"}), "attx");
}

TEST(Text, CutsBetweenCharacters) {
    EXPECT_EQ(utf8_prefix("abc", 3), "abc");
    EXPECT_EQ(utf8_prefix("abc", 2), "ab");
    EXPECT_EQ(utf8_prefix("aé", 2), "a");
    EXPECT_EQ(utf8_prefix("aé", 3), "aé");
    EXPECT_EQ(utf8_prefix("\xF0\x9F\x92\xA9", 3), "");
    EXPECT_EQ(utf8_prefix("", 0), "");
}

TEST(Text, QuotesWhatIsSafeToShow) {
    EXPECT_EQ(in_quotes("a\"\n"), R"("a\"\n")");
    const std::string cut = in_quotes(std::string(63, 'x') + "éé");
    EXPECT_EQ(cut, "\"" + std::string(63, 'x') + "…\"");
    EXPECT_TRUE(is_utf8(cut));
}

}  // namespace
}  // namespace limp::base
