#include "wire/answer_writer.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "wire/jws.hpp"

namespace limp::wire {
namespace {

using namespace std::literals;

TEST(AnswerWriter, WritesStatusMessageAndArgs) {
    const Answer answer = Answer::ok("Found 1 document.", {{"total", 1}, {"docs", List{Object{{"a", "é\n"}}}}});
    EXPECT_EQ(
        write_answer(answer, {}), R"({"status":200,"msg":"Found 1 document.","args":{"total":1,"docs":[{"a":"é\n"}]}})"
    );
    EXPECT_EQ(write_answer(Answer(), {}), R"({"status":200,"msg":"","args":{}})");
}

TEST(AnswerWriter, PutsTheCallIdLastAsItIs) {
    EXPECT_EQ(write_answer(Answer::ok(""), "1.0"), R"({"status":200,"msg":"","args":{"call_id":1.0}})");
    EXPECT_EQ(
        write_answer(Answer::ok("", {{"a", 1}}), R"("\u0041")"),
        R"({"status":200,"msg":"","args":{"a":1,"call_id":"\u0041"}})"
    );
}

TEST(AnswerWriter, KeepsACallIdOfTheArgsOut) {
    const Answer answer = Answer::ok("", {{"call_id", "mine"}, {"a", 1}});
    EXPECT_EQ(write_answer(answer, "7"), R"({"status":200,"msg":"","args":{"a":1,"call_id":7}})");
    EXPECT_EQ(write_answer(answer, {}), R"({"status":200,"msg":"","args":{"a":1}})");
}

TEST(AnswerWriter, PutsDocsThatAreTextAmongTheArgs) {
    const Answer answer = Answer::ok("", {{"docs", "mine"}, {"total", 1}}, R"([{"_id":"x"}])");
    EXPECT_EQ(
        write_answer(answer, "7"), R"({"status":200,"msg":"","args":{"total":1,"docs":[{"_id":"x"}],"call_id":7}})"
    );
    EXPECT_EQ(write_answer(Answer::ok("", {}, "[]"), {}), R"({"status":200,"msg":"","args":{"docs":[]}})");
}

TEST(AnswerWriter, WritesARefusal) {
    EXPECT_EQ(
        write_answer(Answer::of(Refusal(403, "CORE_X", R"(No "x".)")), "null"),
        R"({"status":403,"msg":"No \"x\".","args":{"code":"CORE_X","call_id":null}})"
    );
}

TEST(AnswerWriter, WritesBytesAsTheirValues) {
    const auto with_bytes = [](std::string bytes) {
        return Answer{291, "not sent", {{"type", "image/png"}}, std::nullopt, std::move(bytes)};
    };
    EXPECT_EQ(
        write_answer(with_bytes("\x01\x7F\x80\xFF\x00"s), "7"),
        R"({"status":291,"msg":[1,127,128,255,0],"args":{"type":"image/png","call_id":7}})"
    );
    EXPECT_EQ(write_answer(with_bytes(""), {}), R"({"status":291,"msg":[],"args":{"type":"image/png"}})");
}

TEST(AnswerWriter, NeverSends204) {
    EXPECT_EQ(write_answer({204, "", {}, std::nullopt, std::nullopt}, {}), R"({"status":200,"msg":"","args":{}})");
}

TEST(AnswerWriter, SignsTheSameAnswer) {
    base::Hmac key("__ANON");
    const Answer answer = Answer::ok("é", {{"a", 1}});
    const Value message = base::parse_json(write_signed_answer(answer, R"("\u0041")", key));
    ASSERT_EQ(message.object().size(), 2U);
    EXPECT_EQ(message.find("call_id")->string(), "A");
    const auto jws = read_jws(message.find("token")->string());
    ASSERT_TRUE(jws);
    EXPECT_TRUE(verify(*jws, key));
    EXPECT_EQ(jws->payload, write_answer(answer, R"("\u0041")"));

    EXPECT_FALSE(base::parse_json(write_signed_answer(answer, {}, key)).find("call_id"));
}

TEST(AnswerWriter, GreetsInTheSameShape) {
    EXPECT_EQ(base::parse_json(greeting).find("status")->integer(), 200);
}

}  // namespace
}  // namespace limp::wire
