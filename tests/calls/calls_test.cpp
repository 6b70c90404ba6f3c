// Every transcript beside this file, against limpd itself, on each store.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "tests/calls/daemon.hpp"
#include "tests/calls/files.hpp"
#include "tests/calls/runner.hpp"
#include "tests/calls/socket_client.hpp"
#include "tests/calls/transcript.hpp"

namespace limp::calls {
namespace {

class Calls : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(Calls, AreAnswered) {
    const auto& [driver, name] = GetParam();
    const Transcript transcript = read_transcript(contents(calls_folder() / name));
    Daemon daemon(LIMP_TEST_LIMPD, source_root() / transcript.modules, driver);
    {
        Runner runner([&] { return connect_socket(daemon.port()); });
        try {
            runner.run(transcript);
        } catch (const TranscriptError& error) {
            ADD_FAILURE() << "tests/calls/" << name << ", " << error.what() << "\nlimpd said:\n" << daemon.log();
        }
    }
    EXPECT_EQ(daemon.stop(), 0) << daemon.log();
}

INSTANTIATE_TEST_SUITE_P(
    On, Calls, testing::Combine(testing::Values("memory", "sqlite"), testing::ValuesIn(transcripts())),
    [](const testing::TestParamInfo<Calls::ParamType>& info) {
        return test_name(std::get<0>(info.param) + "_" + std::get<1>(info.param));
    }
);

}  // namespace
}  // namespace limp::calls
