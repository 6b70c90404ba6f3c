// Every transcript, in this process, on each store: for the debugger, and for the sanitizers.
#include "tests/calls/in_process.hpp"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "calls/transcript.hpp"
#include "tests/calls/files.hpp"

namespace limp::calls {
namespace {

class InProcessCalls : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(InProcessCalls, AreAnswered) {
    const auto& [driver, name] = GetParam();
    const Transcript transcript = read_transcript(contents(calls_folder() / name));
    InProcess limpd(source_root() / transcript.modules.value_or("examples"), driver);
    Runner runner([&] { return limpd.connect(); });
    try {
        runner.run(transcript);
    } catch (const TranscriptError& error) {
        ADD_FAILURE() << "tests/calls/" << name << ", " << error.what();
    }
}

INSTANTIATE_TEST_SUITE_P(
    On, InProcessCalls, testing::Combine(testing::Values("memory", "sqlite"), testing::ValuesIn(transcripts())),
    [](const testing::TestParamInfo<InProcessCalls::ParamType>& info) {
        return test_name(std::get<0>(info.param) + "_" + std::get<1>(info.param));
    }
);

}  // namespace
}  // namespace limp::calls
