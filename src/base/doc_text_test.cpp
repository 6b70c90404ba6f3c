#include "base/doc_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"

namespace limp::base {
namespace {

using Parts = std::vector<std::pair<std::string, std::string>>;

Parts parts(const DocText& doc) {
    Parts parts;
    for (const DocText::Attr& attr : doc.attrs) parts.emplace_back(doc.name(attr), doc.value(attr));
    return parts;
}

const Document everything{
    {"_id", "f00000000000000000000010"},
    {"text", "a \"quoted\" \\ and, a: { [ é \n"},
    {"list", List{1, "]", Object{{"a", "}"}}, List{}}},
    {"object", Object{{"x", Object{{"y", nullptr}}}}},
    {"yes", true},
    {"nothing", nullptr},
    {"number", -12},
    {"real", 1.5},
    {"_rev", 7},
};

TEST(DocText, NotesWhereEachAttrStands) {
    const std::string json = to_json(everything);
    for (const DocText& doc : {to_doc_text(json), to_doc_text(everything)}) {
        EXPECT_EQ(doc.text, json);
        const Parts found = parts(doc);
        ASSERT_EQ(found.size(), everything.size());
        std::size_t i = 0;
        for (const Member& member : everything) {
            EXPECT_EQ(found[i].first, member.name);
            EXPECT_EQ(found[i].second, to_json(member.value));
            ++i;
        }
    }
}

TEST(DocText, KnowsTheEmptyDocument) {
    EXPECT_TRUE(to_doc_text(std::string("{}")).attrs.empty());
    EXPECT_EQ(to_doc_text(Document()).text, "{}");
}

TEST(DocText, IsNothingButAnObject) {
    for (const char* text : {"", "[]", "7", "\"a\"", "{", "{\"a\":", "{\"a\" 1}"})
        EXPECT_THROW(to_doc_text(std::string(text)), JsonError) << text;
}

}  // namespace
}  // namespace limp::base
