// Every transcript, in this process: for the debugger, and for the sanitizers.
#include "tests/calls/in_process.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/calls/files.hpp"
#include "tests/calls/transcript.hpp"

namespace limp::calls {
namespace {

class InProcessCalls : public testing::TestWithParam<std::string> {};

TEST_P(InProcessCalls, AreAnswered) {
    const Transcript transcript = read_transcript(contents(calls_folder() / GetParam()));
    InProcess limpd(source_root() / transcript.modules);
    Runner runner([&] { return limpd.connect(); });
    try {
        runner.run(transcript);
    } catch (const TranscriptError& error) {
        ADD_FAILURE() << "tests/calls/" << GetParam() << ", " << error.what();
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, InProcessCalls, testing::ValuesIn(transcripts()),
    [](const testing::TestParamInfo<std::string>& info) { return test_name(info.param); }
);

}  // namespace
}  // namespace limp::calls
