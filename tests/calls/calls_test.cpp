// Every transcript beside this file, against limpd itself, on each store.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "calls/runner.hpp"
#include "calls/transcript.hpp"
#include "tests/calls/daemon.hpp"
#include "tests/calls/files.hpp"
#include "tests/calls/http2_client.hpp"
#include "tests/calls/http_client.hpp"
#include "tests/calls/socket_client.hpp"

namespace limp::calls {
namespace {

using Connect = std::unique_ptr<Client> (*)(std::uint16_t port);

void expect_answers(const std::string& name, const std::string& driver, Connect connect) {
    const Transcript transcript = read_transcript(contents(calls_folder() / name));
    Daemon daemon(LIMP_TEST_LIMPD, source_root() / transcript.modules.value_or("examples"), driver);
    {
        Runner runner([&] { return connect(daemon.port()); });
        try {
            runner.run(transcript);
        } catch (const TranscriptError& error) {
            ADD_FAILURE() << "tests/calls/" << name << ", " << error.what() << "\nlimpd said:\n" << daemon.log();
        }
    }
    EXPECT_EQ(daemon.stop(), 0) << daemon.log();
}

class Calls : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(Calls, AreAnswered) {
    const auto& [driver, name] = GetParam();
    expect_answers(name, driver, connect_socket);
}

class Http2Calls : public testing::TestWithParam<std::string> {};

TEST_P(Http2Calls, AreAnsweredAsOnAConnectionOfTheirOwn) {
    expect_answers(GetParam(), "memory", connect_http2);
}

// But for the one that is about the session which a connection keeps.
std::vector<std::string> transcripts_to_post() {
    std::vector<std::string> names = transcripts();
    std::erase(names, "session/sid.call");
    return names;
}

class PostedCalls : public testing::TestWithParam<std::string> {};

TEST_P(PostedCalls, AreAnsweredAsOverASocket) {
    expect_answers(GetParam(), "memory", connect_post);
}

INSTANTIATE_TEST_SUITE_P(
    On, Calls, testing::Combine(testing::Values("memory", "sqlite"), testing::ValuesIn(transcripts())),
    [](const testing::TestParamInfo<Calls::ParamType>& info) {
        return test_name(std::get<0>(info.param) + "_" + std::get<1>(info.param));
    }
);

INSTANTIATE_TEST_SUITE_P(
    On, Http2Calls, testing::ValuesIn(transcripts()),
    [](const testing::TestParamInfo<std::string>& info) { return test_name(info.param); }
);

INSTANTIATE_TEST_SUITE_P(
    On, PostedCalls, testing::ValuesIn(transcripts_to_post()),
    [](const testing::TestParamInfo<std::string>& info) { return test_name(info.param); }
);

}  // namespace
}  // namespace limp::calls
