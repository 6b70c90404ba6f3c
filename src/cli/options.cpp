#include "cli/options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "app/version.hpp"
#include "base/text.hpp"

namespace limp::cli {

namespace {

using Command = CommandLine::Command;

std::string in_quotes(std::string_view text) {
    return '"' + std::string(text) + '"';
}

std::string check_port(const std::string& text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error == std::errc() && end == text.data() + text.size() && port <= 65535) return {};
    return "must be a number from 0 to 65535, not " + in_quotes(text);
}

std::string check_format(const std::string& text) {
    return text == "text" || text == "json" ? "" : "must be text or json, not " + in_quotes(text);
}

std::string check_filled(const std::string& text) {
    return text.empty() ? "must not be empty" : "";
}

const CLI::Validator filled(check_filled, "", "filled");

std::string commands_of(const CLI::App& app, std::vector<std::string>& names) {
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    return base::join(names, ", ");
}

std::string unexpected_flag(const CLI::App& app, const std::string& word) {
    std::vector<std::string> known = {"--help"};
    for (const CLI::Option* option : app.get_options())
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    const std::string near = base::nearest(word, known);
    return "unknown flag " + in_quotes(word) +
           (near.empty() ? " (see --help)" : "; did you mean " + in_quotes(near) + "?");
}

std::string unexpected_word(const CLI::App& app, const std::string& word) {
    std::vector<std::string> known;
    const std::string commands = commands_of(app, known);
    if (known.empty()) return "unexpected argument " + in_quotes(word) + " (see --help)";
    const std::string near = base::nearest(word, known);
    return "unknown command " + in_quotes(word) +
           (near.empty() ? "; the commands are " + commands + " (see --help)"
                         : "; did you mean " + in_quotes(near) + "?");
}

// The command that was given, in its own words: the innermost one.
const CLI::App& chosen(const CLI::App& app) {
    const std::vector<CLI::App*> commands = app.get_subcommands();
    return commands.empty() ? app : chosen(*commands.back());
}

// Flags that stand before a command are the same as behind it, as far as the command has them.
void check_flags_before(const CLI::App& limpd, const CLI::App& command) {
    for (const CLI::Option* option : limpd.get_options()) {
        if (option->count() == 0) continue;
        const std::string flag = "--" + option->get_lnames().front();
        if (!command.get_option_no_throw(flag))
            throw app::UsageError(in_quotes(flag) + " does not go with " + in_quotes(command.get_name()));
    }
}

// What is left of the words once all flags and commands are read.
void check_rest(const CLI::App& limpd, const CLI::App& command) {
    const std::vector<std::string> rest = limpd.remaining(true);
    const bool is_flag = !rest.empty() && rest.front().starts_with('-');
    if (command.get_name() == "user" && (rest.empty() || is_flag))
        throw app::UsageError("\"user\" needs a command: password (see --help)");
    if (!rest.empty())
        throw app::UsageError(
            is_flag ? unexpected_flag(command, rest.front()) : unexpected_word(command, rest.front())
        );
    if (&command != &limpd) check_flags_before(limpd, command);
}

void add_modules(CLI::App& command, app::Options& options) {
    command.add_option("--modules", options.modules, "The folder whose folders are packages (modules)")
        ->check(filled)
        ->type_name("DIR");
}

// What says which packages, and with which configuration.
void add_packages(CLI::App& command, app::Options& options) {
    command.add_option("--env", options.env, "Apply the configuration of this env")->check(filled)->type_name("ENV");
    command.add_option("--packages", options.packages, "Load only these packages, and core")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(filled)
        ->type_name("A,B");
    add_modules(command, options);
}

void add_configuration(CLI::App& command, app::Options& options) {
    add_packages(command, options);
    command.add_option("--data", options.data, "The data file (data/limp.db)")->check(filled)->type_name("FILE");
}

void add_serving(CLI::App& limpd, app::Options& options, std::string& format) {
    limpd.add_option("-p,--port", options.port, "Listen on this port; 0: any free one (8081)")
        ->check(CLI::Validator(check_port, "", "port"))
        ->type_name("PORT");
    limpd.add_option("--address", options.address, "Listen on this address (0.0.0.0)")->check(filled)->type_name("IP");
    limpd.add_flag("--check", options.check, "Say what is wrong and what a start would change, and leave");
    limpd.add_flag("--debug", options.debug, "Log in full detail");
    limpd.add_option("--log-format", format, "How log lines are written: text or json (text)")
        ->check(CLI::Validator(check_format, "", "format"))
        ->type_name("FORMAT");
}

// A command of its own.
CLI::App& add_command(CLI::App& parent, CommandLine& line, Command which, const std::string& name, const char* about) {
    CLI::App& command = *parent.add_subcommand(name, about);
    command.allow_extras();
    command.final_callback([&line, which] { line.command = which; });
    return command;
}

void add_new(CLI::App& limpd, CommandLine& line) {
    CLI::App& command = add_command(limpd, line, Command::new_package, "new", "Make a package to begin with");
    command.add_option("NAME", line.package, "Its name: lower-case letters, digits and _")->required()->check(filled);
    add_modules(command, line.options);
    command.add_flag("--cpp", line.with_cpp, "With a hook and a method in C++");
    command.footer(
        "Makes modules/NAME with a limp.json, which its comments explain, and a transcript that limpd test runs.\n"
        "Example: limpd new shop && limpd test shop"
    );
}

void add_check(CLI::App& limpd, CommandLine& line) {
    CLI::App& command =
        add_command(limpd, line, Command::check, "check", "Say what is wrong with packages, without any data");
    add_packages(command, line.options);
    command.add_option("PACKAGE", line.options.packages, "Only these, and core: --packages in other words")
        ->check(filled)
        ->excludes("--packages");
    command.footer(
        "Reads packages and configuration as a start would. Each mistake is a line with its file, and the exit code is "
        "1.\nWhat a start would do to stored documents, limpd --check shows.\nExample: limpd check shop"
    );
}

void add_routes(CLI::App& limpd, CommandLine& line) {
    CLI::App& command =
        add_command(limpd, line, Command::routes, "routes", "Show every method, who may call it, and its arguments");
    add_packages(command, line.options);
    command.add_option("MODULE", line.names, "Only these modules")->check(filled);
    command.add_flag("--json", line.json, "As JSON");
    command.footer(
        "A line for each permission, in the order in which they are tried.\nExample: limpd routes product --json"
    );
}

void add_test(CLI::App& limpd, CommandLine& line) {
    CLI::App& command = add_command(limpd, line, Command::test, "test", "Run the transcripts of packages");
    add_packages(command, line.options);
    command.add_option("PACKAGE", line.names, "Only those of these packages; all are loaded")->check(filled);
    command.footer(
        "Each file tests/*.call of a package is a conversation with a fresh limpd, which keeps everything in memory.\n"
        "Where an answer is not as expected, its file and line are shown, and the exit code is 1 "
        "(docs/testing.md).\nExample: limpd test shop"
    );
}

void add_build(CLI::App& limpd, CommandLine& line) {
    CLI::App& command = add_command(limpd, line, Command::build, "build", "Build the C++ of packages");
    add_packages(command, line.options);
    command
        .add_option("PACKAGE", line.options.packages, "Only these: --packages in other words. Else all that have C++")
        ->check(filled)
        ->excludes("--packages");
    command.footer(
        "In a development env limpd builds them itself, at its start and whenever a file of theirs changes; elsewhere "
        "it serves\nwhat this has built. Needs CMake, Ninja and the compiler that limpd was built with, or that CXX "
        "names.\nExample: limpd build shop"
    );
}

void add_backup(CLI::App& limpd, CommandLine& line) {
    CLI::App& command =
        add_command(limpd, line, Command::backup, "backup", "Write all data into one file, while limpd serves or not");
    add_configuration(command, line.options);
    command.add_option("FILE", line.file, "Where to; must not be there yet")->required()->check(filled);
    command.footer(
        "The file has the documents, the credentials, the change log and the bytes of files, all of one moment. The "
        "server key\nis not in it: keep a copy of that elsewhere."
    );
}

void add_restore(CLI::App& limpd, CommandLine& line) {
    CLI::App& command = add_command(limpd, line, Command::restore, "restore", "Make the data file from a backup");
    add_configuration(command, line.options);
    command.add_option("FILE", line.file, "What \"limpd backup\" wrote")->required()->check(filled);
    command.footer("Nothing is overwritten: move an old data file, and its folder of files, away first.");
}

void add_user(CLI::App& limpd, CommandLine& line) {
    CLI::App& user = *limpd.add_subcommand("user", "Help for a user who is locked out");
    user.allow_extras();
    CLI::App& command = add_command(
        user, line, Command::user_password, "password", "Set a user's password and end the user's sessions"
    );
    add_configuration(command, line.options);
    command.add_option("NAME", line.user, "User name, e-mail address, phone number or id")->required()->check(filled);
    command.add_flag("--activate", line.activate, "Let the user sign in again, whatever its status was");
    command.footer(
        "limpd must not be running. The password is asked for on the terminal, or is one line of standard input."
    );
}

}  // namespace

CommandLine read_command_line(int count, const char* const* words) {
    CommandLine line;
    std::string format = "text";

    CLI::App limpd{"limpd serves typed documents over WebSockets and HTTP.", "limpd"};
    limpd.allow_extras();  // so that the unexpected can be answered with what was meant
    limpd.set_version_flag("--version", "limpd " + std::string(app::version));
    add_configuration(limpd, line.options);
    add_serving(limpd, line.options, format);
    add_new(limpd, line);
    add_check(limpd, line);
    add_routes(limpd, line);
    add_test(limpd, line);
    add_build(limpd, line);
    add_backup(limpd, line);
    add_restore(limpd, line);
    add_user(limpd, line);
    limpd.footer("Without a command limpd serves. Each command has a --help of its own.");

    const auto text = [](std::string printed) {
        CommandLine help;
        help.command = Command::help;
        help.text = std::move(printed);
        return help;
    };
    try {
        limpd.parse(count, words);
    } catch (const CLI::CallForHelp&) {
        return text(limpd.help());
    } catch (const CLI::CallForVersion& version) {
        return text(std::string(version.what()) + '\n');
    } catch (const CLI::ExcludesError&) {
        throw app::UsageError("packages are named behind the command or by \"--packages\", not by both");
    } catch (const CLI::ParseError& error) {
        throw app::UsageError(error.what());
    }
    check_rest(limpd, chosen(limpd));
    line.options.log_format = format == "json" ? base::LogFormat::json : base::LogFormat::text;
    return line;
}

}  // namespace limp::cli
