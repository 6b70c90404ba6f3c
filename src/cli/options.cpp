#include "cli/options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <string_view>
#include <vector>

#include "app/version.hpp"
#include "base/text.hpp"

namespace limp::cli {

namespace {

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

std::string unexpected(const CLI::App& flags, const std::string& word) {
    if (!word.starts_with('-'))
        return "unexpected argument " + in_quotes(word) + "; limpd takes flags only (see --help)";
    std::vector<std::string> known = {"--help"};
    for (const CLI::Option* option : flags.get_options())
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    const std::string near = base::nearest(word, known);
    return "unknown flag " + in_quotes(word) +
           (near.empty() ? " (see --help)" : "; did you mean " + in_quotes(near) + "?");
}

}  // namespace

CommandLine read_command_line(int count, const char* const* words) {
    app::Options options;
    std::string format = "text";
    const CLI::Validator port(check_port, "", "port");
    const CLI::Validator filled(check_filled, "", "filled");

    CLI::App flags{"limpd serves typed documents over WebSockets and HTTP.", "limpd"};
    flags.allow_extras();  // so that unexpected() can say what was meant
    flags.set_version_flag("--version", "limpd " + std::string(app::version));
    flags.add_option("--env", options.env, "Apply the configuration of this env")->check(filled)->type_name("ENV");
    flags.add_flag("--debug", options.debug, "Log in full detail");
    flags.add_option("--packages", options.packages, "Load only these packages, and core")
        ->delimiter(',')
        ->check(filled)
        ->type_name("A,B");
    flags.add_option("-p,--port", options.port, "Listen on this port; 0: any free one (8081)")
        ->check(port)
        ->type_name("PORT");
    flags.add_option("--address", options.address, "Listen on this address (0.0.0.0)")->check(filled)->type_name("IP");
    flags.add_option("--modules", options.modules, "The folder whose folders are packages (modules)")
        ->check(filled)
        ->type_name("DIR");
    flags.add_option("--data", options.data, "Keep the data in this file (data/limp.db)")
        ->check(filled)
        ->type_name("FILE");
    flags.add_flag("--check", options.check, "Read manifests and configuration, say what is wrong, and leave");
    flags.add_option("--log-format", format, "How log lines are written: text or json (text)")
        ->check(CLI::Validator(check_format, "", "format"))
        ->type_name("FORMAT");

    try {
        flags.parse(count, words);
    } catch (const CLI::CallForHelp&) {
        return {std::nullopt, flags.help()};
    } catch (const CLI::CallForVersion& version) {
        return {std::nullopt, std::string(version.what()) + '\n'};
    } catch (const CLI::ParseError& error) {
        throw app::UsageError(error.what());
    }
    if (const std::vector<std::string> rest = flags.remaining(); !rest.empty())
        throw app::UsageError(unexpected(flags, rest.front()));

    options.log_format = format == "json" ? base::LogFormat::json : base::LogFormat::text;
    return {std::move(options), {}};
}

}  // namespace limp::cli
