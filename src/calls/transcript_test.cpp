#include "calls/transcript.hpp"

#include <gtest/gtest.h>

namespace limp::calls {
namespace {

int line_of_error(std::string_view text) {
    try {
        read_transcript(text);
    } catch (const TranscriptError& error) {
        return std::atoi(error.what() + std::string_view("line ").size());
    }
    return 0;
}

TEST(Transcript, ReadsEachStepWithItsLine) {
    const Transcript transcript = read_transcript(
        "# a comment\n"
        "modules some/where\n"
        "as anon\n"
        "> {\"endpoint\":\n"
        "      \"user/read\"}\n"
        "< {\"status\": 200}\n"
        "save first = args.docs.0._id\n"
        "let h = sdk_hash email a@b.c secret\n"
        "! not JSON at all\n"
        "< {}\n"
    );
    EXPECT_EQ(transcript.modules, "some/where");
    ASSERT_EQ(transcript.steps.size(), 7u);
    EXPECT_EQ(transcript.steps[1].line, 4);
    EXPECT_EQ(std::get<Say>(transcript.steps[1].what).call, Value(Object{{"endpoint", "user/read"}}));
    EXPECT_EQ(std::get<Save>(transcript.steps[3].what).path, (std::vector<std::string>{"args", "docs", "0", "_id"}));
    EXPECT_EQ(std::get<Let>(transcript.steps[4].what).words, (std::vector<std::string>{"email", "a@b.c", "secret"}));
    EXPECT_EQ(std::get<SayRaw>(transcript.steps[5].what).text, "not JSON at all");
}

TEST(Transcript, RefusesWhatItDoesNotUnderstand) {
    EXPECT_EQ(line_of_error("as anon\nsay hello\n"), 2);
    EXPECT_EQ(line_of_error("as\n"), 1);
    EXPECT_EQ(line_of_error("login ann email a@b.c\n"), 1);
    EXPECT_EQ(line_of_error("save x args\n"), 1);
    EXPECT_EQ(line_of_error("as anon\n\n> {broken\n< {}\n"), 3);
    EXPECT_EQ(line_of_error("\n   {}\n"), 2);
    EXPECT_EQ(line_of_error("as anon\nmodules late\n"), 2);
}

TEST(Transcript, WantsEachCallToExpectSomething) {
    EXPECT_EQ(line_of_error("> {}\n> {}\n< {}\n"), 1);
    EXPECT_EQ(line_of_error("as anon\n> {}\n"), 2);
    EXPECT_EQ(line_of_error("! x\nas anon\n"), 1);
}

}  // namespace
}  // namespace limp::calls
