#include "base/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace limp::base {
namespace {

class Log : public testing::Test {
protected:
    Log() {
        set_clock(1795353060123);
        set_log(LogLevel::debug, LogFormat::text);
        set_log_capture(&lines);
    }
    ~Log() override {
        set_log_capture(nullptr);
        set_log(LogLevel::info, LogFormat::text);
        set_clock(std::nullopt);
    }

    std::string logged(const Value& field) {
        lines.clear();
        log_info("room", "said", {{"field", field}});
        const std::string start = "2026-11-22T13:11:00.123Z info  room: said field=";
        EXPECT_TRUE(lines.starts_with(start) && lines.ends_with('\n')) << lines;
        return lines.substr(start.size(), lines.size() - start.size() - 1);
    }

    std::string lines;
};

TEST_F(Log, WritesALineAnEvent) {
    log_info("store", "opened", {{"file", "data/limp.db"}, {"documents", 12}});
    log_debug("net", "two words");
    log_warning("app", "no TLS", {{"prod", false}});
    log_error("engine", "fault", {{"at", 1.5}});
    EXPECT_EQ(
        lines,
        "2026-11-22T13:11:00.123Z info  store: opened file=data/limp.db documents=12\n"
        "2026-11-22T13:11:00.123Z debug net: two words\n"
        "2026-11-22T13:11:00.123Z warn  app: no TLS prod=false\n"
        "2026-11-22T13:11:00.123Z error engine: fault at=1.5\n"
    );
}

TEST_F(Log, WritesJson) {
    set_log(LogLevel::debug, LogFormat::json);
    log_info("store", "opened", {{"file", "data/limp.db"}, {"documents", 12}});
    EXPECT_EQ(
        lines,
        "{\"time\":\"2026-11-22T13:11:00.123Z\",\"level\":\"info\",\"room\":\"store\",\"msg\":\"opened\","
        "\"file\":\"data/limp.db\",\"documents\":12}\n"
    );
}

TEST_F(Log, LeavesOutWhatIsBelowItsLevel) {
    set_log(LogLevel::warning, LogFormat::text);
    log_debug("room", "debug");
    log_info("room", "info");
    EXPECT_EQ(lines, "");
    EXPECT_FALSE(logs(LogLevel::info));
    EXPECT_TRUE(logs(LogLevel::warning));
    log_warning("room", "warning");
    log_error("room", "error");
    EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
}

TEST_F(Log, QuotesWhatCouldBeTakenForSomethingElse) {
    EXPECT_EQ(logged("plain/text:1"), "plain/text:1");
    EXPECT_EQ(logged("né€"), "né€");
    EXPECT_EQ(logged(""), "\"\"");
    EXPECT_EQ(logged("two words"), "\"two words\"");
    EXPECT_EQ(logged("a=b"), "\"a=b\"");
    EXPECT_EQ(logged("a\"b"), "\"a\\\"b\"");
    EXPECT_EQ(logged("a\\b"), "\"a\\\\b\"");
    EXPECT_EQ(logged(Object{{"a", List{1, "b c"}}}), "{\"a\":[1,\"b c\"]}");
}

TEST_F(Log, LetsNobodyForgeALine) {
    EXPECT_EQ(logged("a\n2026 error"), "\"a\\n2026 error\"");
    EXPECT_EQ(logged("a\rb"), "\"a\\rb\"");
    EXPECT_EQ(logged(Object{{"a\nb", "c\nd"}}), "{\"a\\nb\":\"c\\nd\"}");
    lines.clear();
    log_info("room", "message\nof two lines");
    EXPECT_EQ(std::ranges::count(lines, '\n'), 1);
}

TEST_F(Log, SendsNothingToATerminalButText) {
    EXPECT_EQ(logged("\x1B[2J"), "\"\\u001b[2J\"");
    EXPECT_EQ(logged("a\x7F"), "\"a?\"");
    EXPECT_EQ(logged("\u009B2J"), "?2J");
    EXPECT_EQ(logged("\u0085"), "?");
    EXPECT_EQ(logged("\u00A0"), "\u00A0");
    EXPECT_EQ(logged("a\xFF"), "a?");
    set_log(LogLevel::debug, LogFormat::json);
    lines.clear();
    log_info("room", "msg", {{"field", "\xFF\x1B\x7F\n"}});
    EXPECT_EQ(parse_json(lines).find("field")->string(), "?\x1B?\n");
}

TEST_F(Log, KeepsTheLinesOfThreadsApart) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([] {
            for (int n = 0; n < 100; ++n) log_info("room", "line", {{"x", std::string(50, 'x')}});
        });
    for (std::thread& thread : threads) thread.join();
    const auto each = split(lines, '\n');
    ASSERT_EQ(each.size(), 401U);
    for (std::size_t i = 0; i < 400; ++i) EXPECT_EQ(each[i], each[0]);
}

TEST(Redact, HidesSecretsAtAnyDepth) {
    const Value call = parse_json(R"({"query":[{"_id":"1","hash":{"val":"s"}},{"$or":[{"Token":"s"}]}],
        "doc":{"email":"a@b.c","email_hash":"s","reset_token":["s"],"password":"s","key":1,"credential":null,
        "file":{"name":"n","content":[1,2]},"keys":"shown","tokens":2,"hashed":true}})");
    EXPECT_EQ(
        to_json(redact(call)),
        R"({"query":[{"_id":"1","hash":"…"},{"$or":[{"Token":"…"}]}],)"
        R"("doc":{"email":"a@b.c","email_hash":"…","reset_token":"…","password":"…","key":"…","credential":"…",)"
        R"("file":{"name":"n","content":"…"},"keys":"shown","tokens":2,"hashed":true}})"
    );
}

TEST(Redact, LeavesOtherValues) {
    for (const Value& value : {Value(), Value(1), Value("hash"), Value(List{"token"}), Value(Object{})})
        EXPECT_EQ(redact(value), value);
}

}  // namespace
}  // namespace limp::base
