#include "wire/call_id.hpp"

#include <gtest/gtest.h>

#include <string>

namespace limp::wire {
namespace {

using namespace std::literals;

TEST(CallId, IsFoundAsItWasWritten) {
    const std::pair<const char*, const char*> table[] = {
        {R"({"call_id":"k3j9x2"})", R"("k3j9x2")"},
        {R"({"call_id":""})", R"("")"},
        {R"({"call_id":1.0})", "1.0"},
        {R"({"call_id":-1e+3})", "-1e+3"},
        {R"({"call_id":null})", "null"},
        {R"({"call_id":true , "x":1})", "true"},
        {R"({"call_id":"\u0041\"\\"})", R"("\u0041\"\\")"},
        {"{\"call_id\":\"κόσμε\"}", "\"κόσμε\""},
        {" \t\r\n{ \"call_id\"\n:\t7\r}", "7"},
        {R"({"\u0063all_id":7})", "7"},
        {R"({"\u0063\u0061\u006c\u006C\u005f\u0069\u0064":7})", "7"},
        {R"({"a":1,"b":"}","c":[{"call_id":1},"]"],"d":{"\"}":{}},"call_id":7})", "7"},
        {R"({"a":"\\","b":"\\\"","call_id":7})", "7"},
    };
    for (const auto& [object, call_id] : table) EXPECT_EQ(find_call_id(object), call_id) << object;
}

TEST(CallId, IsFoundInWhatIsNotJsonBehindIt) {
    EXPECT_EQ(find_call_id(R"({"call_id":7,)"), "7");
    EXPECT_EQ(find_call_id(R"({"call_id":"x")"), "\"x\"");
    EXPECT_EQ(find_call_id(R"({"call_id":7,"call_id":8})"), "7");
    EXPECT_EQ(find_call_id(R"({"call_id":7,"a":"\xFF"}})"), "7");
    EXPECT_EQ(find_call_id(R"({"a":nonsense,"call_id":7})"), "7");
}

TEST(CallId, IsNotWhatIsNoScalar) {
    for (const auto object : {
             "",
             "{",
             "{}",
             "[]",
             "null",
             "7",
             "\"call_id\"",
             R"(["call_id",7])",
             R"({"a":{"call_id":7}})",
             R"({"a":"call_id","b":7})",
             R"({"call_id":[]})",
             R"({"call_id":{}})",
             R"({"call_id":[7]})",
             R"({"call_id")",
             R"({"call_id":)",
             R"({"call_id":7)",
             R"({"call_id":"7)",
             R"({"call_id":"7\")",
             R"({"call_id": })",
             R"({"call_id":,"a":1})",
             R"({"call_id":nonsense})",
             R"({"call_id":07})",
             R"({"call_id":NaN})",
             R"({"call_id":"\x"})",
             "{\"call_id\":\"\xFF\"}",
             "{\"call_id\":\"\n\"}",
             R"({"CALL_ID":7})",
             R"({"\u0043all_id":7})",
             R"({call_id:7})",
             R"({'call_id':7})",
             R"({"call_id" 7})",
             R"({"a":[}, "call_id":7)",
             R"({"a":"x" "call_id":7})",
         })
        EXPECT_EQ(find_call_id(object), "") << object;
}

TEST(CallId, HasAtMost128Bytes) {
    const auto object_with = [](std::size_t bytes) { return R"({"call_id":")" + std::string(bytes - 2, 'x') + "\"}"; };
    EXPECT_EQ(find_call_id(object_with(128)).size(), 128U);
    EXPECT_EQ(find_call_id(object_with(129)), "");
}

TEST(CallId, IsFoundBehindAnyDepth) {
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    EXPECT_EQ(find_call_id("{\"a\":" + deep + ",\"call_id\":7}"), "7");
}

}  // namespace
}  // namespace limp::wire
