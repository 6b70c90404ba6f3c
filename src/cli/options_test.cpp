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

using Command = CommandLine::Command;

std::string complaint(std::initializer_list<const char*> words) {
    try {
        read(words);
    } catch (const app::UsageError& error) {
        return error.what();
    }
    return "none";
}

TEST(CommandLine, HasDefaults) {
    const app::Options options = read({}).options;
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
            .options;
    EXPECT_EQ(options.env, "prod");
    EXPECT_TRUE(options.debug);
    EXPECT_EQ(options.packages, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(options.port, 9000);
    EXPECT_EQ(options.address, "127.0.0.1");
    EXPECT_EQ(options.modules, "my modules");
    EXPECT_EQ(options.data, "x.db");
    EXPECT_TRUE(options.check);
    EXPECT_EQ(options.log_format, base::LogFormat::json);
    EXPECT_EQ(read({"--port", "0"}).options.port, 0);
    EXPECT_EQ(read({"-p65535"}).options.port, 65535);
}

TEST(CommandLine, ReadsTheCommandsForPackages) {
    const CommandLine made = read({"new", "shop", "--modules", "m"});
    EXPECT_EQ(made.command, Command::new_package);
    EXPECT_EQ(made.package, "shop");
    EXPECT_EQ(made.options.modules, "m");

    const CommandLine checked = read({"check", "a", "b", "--env", "prod"});
    EXPECT_EQ(checked.command, Command::check);
    EXPECT_EQ(checked.options.packages, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(checked.options.env, "prod");

    const CommandLine built = read({"build", "a", "b", "--modules", "m"});
    EXPECT_EQ(built.command, Command::build);
    EXPECT_EQ(built.options.packages, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(read({"build", "--packages", "a,b"}).options.packages, (std::vector<std::string>{"a", "b"}));

    const CommandLine routes = read({"routes", "a", "--json", "--packages", "p"});
    EXPECT_EQ(routes.command, Command::routes);
    EXPECT_EQ(routes.names, std::vector<std::string>{"a"});
    EXPECT_EQ(routes.options.packages, std::vector<std::string>{"p"});
    EXPECT_TRUE(routes.json);
    EXPECT_FALSE(read({"routes"}).json);

    const CommandLine tested = read({"test", "a", "b"});
    EXPECT_EQ(tested.command, Command::test);
    EXPECT_EQ(tested.names, (std::vector<std::string>{"a", "b"}));
    EXPECT_TRUE(tested.options.packages.empty());
}

TEST(CommandLine, RefusesWhatThoseCommandsDoNotTake) {
    EXPECT_NE(complaint({"new"}).find("NAME"), std::string::npos);
    EXPECT_NE(complaint({"new", "a", "b"}).find("\"b\""), std::string::npos);
    for (const char* command : {"check", "build"})
        EXPECT_EQ(
            complaint({command, "a", "--packages", "b"}),
            "packages are named behind the command or by \"--packages\", not by both"
        ) << command;
    for (const char* command : {"new", "check", "routes", "test", "build"})
        EXPECT_NE(complaint({"--data", "x", command, "a"}).find("--data"), std::string::npos) << command;
}

TEST(CommandLine, PrintsItsVersionAndHelp) {
    const CommandLine version = read({"--version"});
    EXPECT_EQ(version.command, Command::help);
    EXPECT_EQ(version.text, "limpd 0.1.0\n");
    for (const char* flag : {"-h", "--help"}) {
        const CommandLine help = read({flag});
        EXPECT_EQ(help.command, Command::help);
        EXPECT_NE(help.text.find("--packages"), std::string::npos);
    }
}

TEST(CommandLine, SaysInOneLineWhatIsWrong) {
    EXPECT_EQ(complaint({"--prot", "80"}), "unknown flag \"--prot\"; did you mean \"--port\"?");
    EXPECT_EQ(complaint({"--zzzzzzzz"}), "unknown flag \"--zzzzzzzz\" (see --help)");
    EXPECT_EQ(
        complaint({"serve"}),
        "unknown command \"serve\"; the commands are new, check, routes, test, build, backup, restore, user (see "
        "--help)"
    );
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

TEST(CommandLine, WithoutACommandServes) {
    EXPECT_EQ(read({}).command, Command::serve);
    EXPECT_EQ(read({"--data", "x.db"}).command, Command::serve);
}

TEST(CommandLine, ReadsCommandsWithTheirFlags) {
    const CommandLine backup = read({"backup", "copy", "--data", "x.db", "--env", "prod", "--modules", "m"});
    EXPECT_EQ(backup.command, Command::backup);
    EXPECT_EQ(backup.file, "copy");
    EXPECT_EQ(backup.options.data, "x.db");
    EXPECT_EQ(backup.options.env, "prod");
    EXPECT_EQ(backup.options.modules, "m");

    const CommandLine restore = read({"--data", "x.db", "restore", "copy"});
    EXPECT_EQ(restore.command, Command::restore);
    EXPECT_EQ(restore.file, "copy");
    EXPECT_EQ(restore.options.data, "x.db");

    const CommandLine password = read({"user", "password", "--activate", "--packages", "a,b", "a@b.c"});
    EXPECT_EQ(password.command, Command::user_password);
    EXPECT_EQ(password.user, "a@b.c");
    EXPECT_TRUE(password.activate);
    EXPECT_EQ(password.options.packages, (std::vector<std::string>{"a", "b"}));
    EXPECT_FALSE(read({"user", "password", "ann"}).activate);
}

TEST(CommandLine, EachCommandHasAHelpOfItsOwn) {
    const std::string all = read({"--help"}).text;
    for (const char* word : {"backup", "restore", "user", "--port"}) EXPECT_NE(all.find(word), std::string::npos);
    const CommandLine backup = read({"backup", "--help"});
    EXPECT_EQ(backup.command, Command::help);
    EXPECT_NE(backup.text.find("FILE"), std::string::npos);
    EXPECT_EQ(backup.text.find("--port"), std::string::npos);
    EXPECT_NE(read({"user", "password", "--help"}).text.find("--activate"), std::string::npos);
}

TEST(CommandLine, SaysInOneLineWhatIsWrongWithACommand) {
    EXPECT_EQ(complaint({"bakup", "copy"}), "unknown command \"bakup\"; did you mean \"backup\"?");
    EXPECT_EQ(complaint({"user", "pasword", "ann"}), "unknown command \"pasword\"; did you mean \"password\"?");
    EXPECT_EQ(complaint({"user", "--data", "x"}), "\"user\" needs a command: password (see --help)");
    EXPECT_EQ(complaint({"user"}), "\"user\" needs a command: password (see --help)");
    EXPECT_EQ(complaint({"backup", "copy", "--dat", "x"}), "unknown flag \"--dat\"; did you mean \"--data\"?");
    EXPECT_EQ(complaint({"backup", "copy", "more"}), "unexpected argument \"more\" (see --help)");
    EXPECT_EQ(complaint({"--port", "1", "backup", "copy"}), "\"--port\" does not go with \"backup\"");
    EXPECT_EQ(complaint({"restore", ""}), "FILE: must not be empty");
    EXPECT_EQ(complaint({"user", "password", ""}), "NAME: must not be empty");
    for (const auto& words : {std::vector{"backup"}, std::vector{"restore"}, std::vector{"user", "password"}}) {
        std::vector<const char*> all = {"limpd"};
        all.insert(all.end(), words.begin(), words.end());
        EXPECT_THROW(read_command_line(static_cast<int>(all.size()), all.data()), app::UsageError);
    }
}

}  // namespace
}  // namespace limp::cli
