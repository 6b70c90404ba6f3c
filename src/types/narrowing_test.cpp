// What a declaration asks of values beyond their type.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "base/json.hpp"
#include "types/test_context.hpp"

namespace limp::types {
namespace {

constexpr std::int64_t now = 1'795'353'060'123;  // 2026-11-22T13:11:00.123Z, a Sunday

Type declared(const std::string& json) {
    return parse_type(base::parse_json(json));
}

// What is said against the value at that moment; nothing when it is accepted.
std::string said(const std::string& type, const Value& value, bool is_stored = false, std::int64_t at = now) {
    TestContext test;
    Context context = test.context();
    context.now_ms = at;
    context.is_stored = is_stored;
    try {
        convert(declared(type), value, context);
    } catch (const TypeError& error) {
        return error.path + " " + error.what();
    }
    return {};
}

TEST(Narrowing, NumbersHaveALeastAndAGreatest) {
    const std::string type = R"({"int":{"min":-1,"max":10}})";
    EXPECT_EQ(said(type, -1), "");
    EXPECT_EQ(said(type, 10), "");
    EXPECT_EQ(said(type, -2), " must be -1 or more");
    EXPECT_EQ(said(type, 11), " must be 10 or less");
    EXPECT_EQ(said(R"({"int":{"min":0}})", std::numeric_limits<std::int64_t>::max()), "");
    EXPECT_EQ(said(R"({"float":{"max":0.5}})", 0.5), "");
    EXPECT_NE(said(R"({"float":{"max":0.5}})", 1), "");
    EXPECT_NE(said(type, "5"), "");
}

TEST(Narrowing, WholeNumbersAreComparedExactly) {
    const std::string type = R"({"int":{"max":9007199254740992}})";
    EXPECT_EQ(said(type, std::int64_t{9007199254740992}), "");
    EXPECT_NE(said(type, std::int64_t{9007199254740993}), "");
}

TEST(Narrowing, TextsAreCountedInCharacters) {
    const std::string type = R"({"str":{"min":2,"max":3}})";
    EXPECT_EQ(said(type, "äöü"), "");
    EXPECT_EQ(said(type, "مرحبا"), " must have 3 characters or fewer, not 5");
    EXPECT_EQ(said(type, "a"), " must have 2 characters or more, not 1");
    EXPECT_EQ(said(type, ""), " must have 2 characters or more, not 0");
    EXPECT_EQ(said(R"({"str":{"max":0}})", ""), "");
    EXPECT_NE(said(R"({"str":{"max":0}})", "a"), "");
}

TEST(Narrowing, PatternsMatchTheWholeText) {
    const std::string type = R"({"str":{"pattern":"[a-z]+|[0-9]+"}})";
    EXPECT_EQ(said(type, "abc"), "");
    EXPECT_EQ(said(type, "12"), "");
    for (const char* text : {"", "abc ", "abc1", "abc\n"}) EXPECT_NE(said(type, text), "") << text;
    EXPECT_EQ(said(type, "A"), " must match the pattern [a-z]+|[0-9]+");
    // An expression that backtracking would not finish.
    EXPECT_NE(said(R"({"str":{"pattern":"(a*)*b"}})", std::string(100'000, 'a')), "");
}

TEST(Narrowing, ListsAndDictsAreCounted) {
    EXPECT_EQ(said(R"({"list":{"of":"int","min":1,"max":2}})", List{1}), "");
    EXPECT_EQ(said(R"({"list":{"of":"int","min":1}})", List{}), " must hold 1 elements or more, not 0");
    EXPECT_EQ(said(R"({"list":{"of":"int","max":2}})", List{1, 2, 3}), " must hold 2 elements or fewer, not 3");
    EXPECT_EQ(said(R"({"dict":{"value":"int","min":1}})", Object{}), " must hold 1 entries or more, not 0");
    EXPECT_NE(said(R"({"dict":{"value":"int","max":1}})", Object{{"a", 1}, {"b", 2}}), "");
    EXPECT_EQ(
        said(R"({"a":{"list":{"of":"int","max":0}}})", Object{{"a", List{1}}}),
        ".a must hold 0 elements or fewer, not 1"
    );
}

TEST(Narrowing, MomentsHaveBounds) {
    const std::string date = R"({"date":{"min":"2020-02-29","max":"2020-03-01"}})";
    EXPECT_EQ(said(date, "2020-02-29"), "");
    EXPECT_EQ(said(date, "2020-03-01"), "");
    EXPECT_EQ(said(date, "2020-02-28"), " must be 2020-02-29 or later");
    EXPECT_EQ(said(date, "2020-03-02"), " must be 2020-03-01 or earlier");
    EXPECT_EQ(said(R"({"time_of_day":{"min":"08:00","max":"17:30"}})", "08:00:00.000"), "");
    EXPECT_NE(said(R"({"time_of_day":{"min":"08:00","max":"17:30"}})", "17:30:00.001"), "");
    EXPECT_EQ(said(R"({"datetime":{"min":"2020-01-01T00:00"}})", "2020-01-01T04:00+04:00"), "");
    EXPECT_NE(said(R"({"time":{"min":"2020-01-01T00:00Z"}})", "2020-01-01T03:59+04:00"), "");
}

TEST(Narrowing, BoundsMayBeRelativeToNow) {
    const std::string date = R"({"date":{"min":"-1w","max":"+3d"}})";
    EXPECT_EQ(said(date, "2026-11-15"), "");
    EXPECT_EQ(said(date, "2026-11-25"), "");
    EXPECT_EQ(said(date, "2026-11-14"), " must be 2026-11-15 or later");
    EXPECT_EQ(said(date, "2026-11-26"), " must be 2026-11-25 or earlier");
    EXPECT_EQ(said(R"({"time":{"max":"+2h"}})", "2026-11-22T15:11:00.123Z"), "");
    EXPECT_NE(said(R"({"time":{"max":"+2h"}})", "2026-11-22T15:11:00.124Z"), "");
    EXPECT_EQ(said(R"({"datetime":{"min":"-5m"}})", "2026-11-22T13:06:00.123"), "");
    EXPECT_NE(said(R"({"datetime":{"min":"+1s"}})", "2026-11-22T13:11:00"), "");
    EXPECT_EQ(said(R"({"time":{"max":"+999999w"}})", "9999-12-31T23:59:59.999Z"), "");
}

TEST(Narrowing, ATimeOfDayDoesNotGoRoundMidnight) {
    EXPECT_EQ(said(R"({"time_of_day":{"max":"+23h"}})", "23:59:59.999"), "");
    EXPECT_EQ(said(R"({"time_of_day":{"min":"-23h"}})", "00:00"), "");
    EXPECT_EQ(said(R"({"time_of_day":{"max":"+1h"}})", "14:12"), " must be 14:11:00.123 or earlier");
    EXPECT_EQ(said(R"({"time_of_day":{"min":"-1h"}})", "22:30", false, -1'000), " must be 22:59:59.000 or later");
}

TEST(Narrowing, WhatIsStoredDoesNotOutgrowRelativeBounds) {
    EXPECT_EQ(said(R"({"date":{"min":"-1w"}})", "2001-01-01", true), "");
    EXPECT_NE(said(R"({"date":{"min":"2020-01-01"}})", "2001-01-01", true), "");
    EXPECT_NE(said(R"({"int":{"max":1}})", 2, true), "");
}

TEST(Narrowing, FilesHaveMediaTypesAndSizes) {
    const auto file = [](const char* type, const char* content, int size) {
        return Object{{"name", "a"}, {"type", type}, {"size", size}, {"lastModified", 0}, {"content", content}};
    };
    const std::string images = R"({"file":{"types":["image/*","text/plain"],"size_max":2}})";
    EXPECT_EQ(said(images, file("image/png", "QUI=", 2)), "");
    EXPECT_EQ(said(images, file("Text/Plain; charset=utf-8", "QUI=", 2)), "");
    EXPECT_EQ(said(images, file("image/png", "QUJD", 3)), " must have 2 bytes or fewer");
    EXPECT_EQ(
        said(images, file("text/html", "QUI=", 2)), " must be of media type image/*, text/plain, not \"text/html\""
    );
    for (const char* type : {"", "imagex/png", "text/plainer"})
        EXPECT_NE(said(images, file(type, "QUI=", 2)), "") << type;
    EXPECT_EQ(said(R"({"bin":{"size_max":2}})", "QUI="), "");
    EXPECT_NE(said(R"({"bin":{"size_max":2}})", "QUJD"), "");
}

}  // namespace
}  // namespace limp::types
