#include "cli/options.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

namespace limp::cli {
namespace {

CommandLine read(std::initializer_list<const char*> words) {
    std::vector<const char*> all = {"limpd"};
    all.insert(all.end(), words);
    return read_command_line(static_cast<int>(all.size()), all.data());
}

std::string complaint(std::initializer_list<const char*> words) {
    try {
        read(words);
    } catch (const app::UsageError& error) {
        return error.what();
    }
    return "none";
}

TEST(CommandLine, HasDefaults) {
    const app::Options options = read({}).options.value();
    EXPECT_EQ(options.env, "");
    EXPECT_FALSE(options.debug);
    EXPECT_FALSE(options.check);
    EXPECT_TRUE(options.packages.empty());
    EXPECT_FALSE(options.port);
    EXPECT_FALSE(options.address);
    EXPECT_FALSE(options.data);
    EXPECT_EQ(options.modules, "modules");
    EXPECT_EQ(options.log_format, base::LogFormat::text);
}

TEST(CommandLine, ReadsEveryFlag) {
    const app::Options options =
        read({"--env", "prod", "--debug", "--packages", "a,b", "-p", "9000", "--address", "127.0.0.1", "--modules",
              "my modules", "--data=x.db", "--check", "--log-format", "json"})
            .options.value();
    EXPECT_EQ(options.env, "prod");
    EXPECT_TRUE(options.debug);
    EXPECT_EQ(options.packages, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(options.port, 9000);
    EXPECT_EQ(options.address, "127.0.0.1");
    EXPECT_EQ(options.modules, "my modules");
    EXPECT_EQ(options.data, "x.db");
    EXPECT_TRUE(options.check);
    EXPECT_EQ(options.log_format, base::LogFormat::json);
    EXPECT_EQ(read({"--port", "0"}).options->port, 0);
    EXPECT_EQ(read({"-p65535"}).options->port, 65535);
}

TEST(CommandLine, PrintsItsVersionAndHelp) {
    const CommandLine version = read({"--version"});
    EXPECT_FALSE(version.options);
    EXPECT_EQ(version.text, "limpd 0.1.0\n");
    for (const char* flag : {"-h", "--help"}) {
        const CommandLine help = read({flag});
        EXPECT_FALSE(help.options);
        EXPECT_NE(help.text.find("--packages"), std::string::npos);
    }
}

TEST(CommandLine, SaysInOneLineWhatIsWrong) {
    EXPECT_EQ(complaint({"--prot", "80"}), "unknown flag \"--prot\"; did you mean \"--port\"?");
    EXPECT_EQ(complaint({"--zzzzzzzz"}), "unknown flag \"--zzzzzzzz\" (see --help)");
    EXPECT_EQ(complaint({"serve"}), "unexpected argument \"serve\"; limpd takes flags only (see --help)");
    EXPECT_EQ(complaint({"--log-format", "xml"}), "--log-format: must be text or json, not \"xml\"");
    EXPECT_EQ(complaint({"--env", ""}), "--env: must not be empty");
    EXPECT_EQ(complaint({"--modules", ""}), "--modules: must not be empty");
    for (const char* port : {"x", "65536", "-1", "80x", "8e1", "", " 80", "99999999999999999999"})
        EXPECT_EQ(
            complaint({"-p", port}), "--port: must be a number from 0 to 65535, not \"" + std::string(port) + '"'
        );
    EXPECT_NE(complaint({"--port"}).find("--port"), std::string::npos);
    EXPECT_EQ(complaint({"--port"}).find('\n'), std::string::npos);
    EXPECT_NE(complaint({"--debug=maybe"}), "none");
    EXPECT_NE(complaint({"--port", "1", "--port", "2"}), "none");
}

}  // namespace
}  // namespace limp::cli
