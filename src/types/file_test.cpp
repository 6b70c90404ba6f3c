#include <gtest/gtest.h>

#include <string>

#include "base/json.hpp"
#include "types/test_context.hpp"

namespace limp::types {
namespace {

using Kind = Type::Kind;
using namespace std::string_literals;

Object file_of(const Value& content, const Value& size) {
    return {
        {"name", "a.png"}, {"size", size}, {"type", "image/png"}, {"lastModified", 1549000000123}, {"content", content}
    };
}

std::string bytes_of(const std::string& json) {
    TestContext test;
    test.convert(Kind::bin, base::parse_json(json));
    return test.kept.at(0);
}

TEST(Content, ComesInFourForms) {
    EXPECT_EQ(bytes_of(R"("iVD/AA==")"), "\x89P\xFF\0"s);
    EXPECT_EQ(bytes_of("[137,80,255,0]"), "\x89P\xFF\0"s);
    EXPECT_EQ(bytes_of(R"("137,80,255,0")"), "\x89P\xFF\0"s);
    EXPECT_EQ(bytes_of(R"({"2":255,"0":137,"3":0,"1":80})"), "\x89P\xFF\0"s);
}

TEST(Content, ANumberAloneIsOneByteAndFourDigitsAreBase64) {
    EXPECT_EQ(bytes_of(R"("65")"), "A");
    EXPECT_EQ(bytes_of(R"("255")"), "\xFF");
    EXPECT_EQ(bytes_of(R"("1234")"), "\xD7\x6D\xF8");
}

TEST(Content, MayBeEmpty) {
    EXPECT_EQ(bytes_of(R"("")"), "");
    EXPECT_EQ(bytes_of("[]"), "");
    EXPECT_EQ(bytes_of("{}"), "");
}

TEST(Content, IsRefusedInAnyOtherForm) {
    for (const char* json :
         {R"("QUI")",
          R"("QUJ=")",
          R"("QQ==\n")",
          R"("256")",
          R"("1,256")",
          R"("1,,2")",
          R"("1,")",
          R"(",1")",
          R"("1, 2")",
          R"("-1,2")",
          R"("+1,2")",
          R"("01,2")",
          R"("abc!")",
          "[256]",
          "[-1]",
          "[1.0]",
          "[\"1\"]",
          "[[1]]",
          "[null]",
          R"({"1":1})",
          R"({"0":1,"2":3})",
          R"({"0":1,"01":3})",
          R"({"0":1,"x":3})",
          R"({"0":"1"})",
          R"({"":1})",
          R"({"-1":1})",
          R"({"18446744073709551616":1})",
          "5",
          "true",
          "1.5"})
        EXPECT_TRUE(TestContext().error(Kind::bin, base::parse_json(json))) << json;
}

TEST(File, IsStoredWithoutItsBytes) {
    TestContext test;
    EXPECT_EQ(
        base::to_json(test.convert(Kind::file, file_of("QUI=", 2))),
        R"({"name":"a.png","type":"image/png","size":2,"lastModified":1549000000123,"__file":"file0"})"
    );
    EXPECT_EQ(test.kept, std::vector<std::string>{"AB"});
}

TEST(File, AListOfOneIsThatOne) {
    TestContext test;
    EXPECT_TRUE(test.convert(Kind::file, List{file_of("QUI=", 2)}).is_object());
    EXPECT_TRUE(test.error(Kind::file, List{}));
    EXPECT_TRUE(test.error(Kind::file, List{file_of("QUI=", 2), file_of("QUI=", 2)}));
}

TEST(File, ListsOfFilesKeepEach) {
    TestContext test;
    const Type files = Type::list_of(Type::of(Kind::file));
    const Value stored = test.convert(files, List{file_of("QQ==", 1), file_of("QUI=", 2)});
    EXPECT_EQ(*stored.list().at(1).find("__file"), Value("file1"));
}

TEST(File, EachMemberIsChecked) {
    const auto with = [](const char* name, const Value& value) {
        Object file = file_of("QUI=", 2);
        file[name] = value;
        return TestContext().error(Kind::file, file);
    };
    EXPECT_EQ(with("size", 3), ".size must be the number of bytes in content, which is 2");
    EXPECT_TRUE(with("size", 2.0));
    EXPECT_TRUE(with("size", "2"));
    for (const Value& name : {Value(), Value(""), Value(5), Value("a\r\nSet-Cookie: x"), Value("a\0b"s)})
        EXPECT_TRUE(with("name", name));
    for (const Value& type : {Value("png"), Value("a/b\nx"), Value("<b>/x"), Value(1), Value()})
        EXPECT_TRUE(with("type", type));
    EXPECT_FALSE(with("type", ""));
    EXPECT_FALSE(with("type", "text/plain;charset=utf-8"));
    for (const Value& modified : {Value(-1), Value("5"), Value(1e300), Value(-0.5), Value(253402300800000)})
        EXPECT_TRUE(with("lastModified", modified));
    EXPECT_FALSE(with("lastModified", 1549000000123.5));
    EXPECT_TRUE(with("path", "/etc/passwd"));
    EXPECT_NE(with("__file", "f00000000000000000000010")->find("send content"), std::string::npos);
}

TEST(File, NeedsEachMember) {
    for (const char* name : {"name", "type", "size", "lastModified", "content"}) {
        Object file = file_of("QUI=", 2);
        file.erase(name);
        EXPECT_NE(TestContext().error(Kind::file, file)->find(name), std::string::npos);
    }
}

TEST(File, WithoutContentCannotBeNamedYet) {
    Object file = file_of("QUI=", 2);
    file.erase("content");
    file["__file"] = "f00000000000000000000010";
    EXPECT_NE(TestContext().error(Kind::file, file)->find("send content"), std::string::npos);
}

TEST(File, AWrongSizeKeepsNothing) {
    TestContext test;
    EXPECT_TRUE(test.error(Kind::file, file_of("QUI=", 1)));
    EXPECT_TRUE(test.kept.empty());
}

}  // namespace
}  // namespace limp::types
