#include "store/file_uses.hpp"

#include <gtest/gtest.h>

namespace limp::store {
namespace {

using Files = std::set<std::string>;

const Document album = {
    {"cover", Object{{"name", "a.png"}, {"__file", "f1"}}},
    {"pages", List{Object{{"__file", "f2"}}, Object{{"photo", Object{{"__file", "f3"}}}, {"text", "x"}}}},
    {"notes", Object{{"__file", "f4"}, {"deeper", List{Object{{"__file", "f5"}}}}}},
};

TEST(FileUses, FilesAreFoundInListsAndObjectsOfTheNamedAttrs) {
    EXPECT_EQ(files_in(album, {"cover"}), Files{"f1"});
    EXPECT_EQ(files_in(album, {"cover", "pages"}), (Files{"f1", "f2", "f3"}));
    EXPECT_EQ(files_in(album, {"nothing"}), Files{});
    EXPECT_EQ(files_in(album, {}), Files{});
    EXPECT_EQ(files_in(album), (Files{"f1", "f2", "f3", "f4", "f5"}));
}

TEST(FileUses, WhatIsNoIdNamesNothing) {
    EXPECT_EQ(files_in({{"x", Object{{"__file", 7}}}, {"y", "__file"}, {"__file", "top"}}), Files{});
}

TEST(FileUses, AddUpAndStartAnew) {
    FileUses uses;
    uses.add({"f1", "f2"});
    uses.remove({"f2", "f3"});
    uses.exchange({"f4"}, {"f4"});
    uses.exchange({}, {"f1"});
    EXPECT_EQ(uses.take(), (FileUses::Counts{{"f1", 2}, {"f2", 0}, {"f3", -1}}));
    EXPECT_EQ(uses.take(), FileUses::Counts{});
}

}  // namespace
}  // namespace limp::store
