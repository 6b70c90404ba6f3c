#include "calls/transcript.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "base/json.hpp"
#include "base/text.hpp"

namespace limp::calls {
namespace {

// A line with those that continue it: they start with a space.
struct Statement {
    int line = 0;
    std::string text;
};

std::vector<Statement> statements(std::string_view text) {
    std::vector<Statement> found;
    int number = 0;
    bool continues = false;
    for (std::string line : base::split(text, '\n')) {
        ++number;
        const bool blank = line.find_first_not_of(" \t\r") == std::string::npos;
        if (blank || line.front() == '#') {
            continues = false;
        } else if (std::isspace(static_cast<unsigned char>(line.front()))) {
            if (!continues) throw TranscriptError(number, "starts with a space, but there is nothing to go on with");
            found.back().text += "\n" + line;
        } else {
            found.push_back({number, std::move(line)});
            continues = true;
        }
    }
    return found;
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(std::move(word));
    return words;
}

Value json_of(const Statement& statement, const std::string& text) {
    try {
        return base::parse_json(text);
    } catch (const base::JsonError& error) {
        throw TranscriptError(statement.line, std::string("not JSON: ") + error.what());
    }
}

void need(const Statement& statement, bool holds, const char* usage) {
    if (!holds) throw TranscriptError(statement.line, std::string("should read: ") + usage);
}

// A step that is a list of words.
Step read_words(const Statement& statement) {
    const std::vector<std::string> words = words_of(statement.text);
    const std::string& verb = words.front();
    if (verb == "as") {
        need(statement, words.size() == 2, "as NAME");
        return {statement.line, As{words[1]}};
    }
    if (verb == "connect") {
        need(statement, words.size() == 2, "connect NAME");
        return {statement.line, Connect{words[1]}};
    }
    if (verb == "login") {
        need(statement, words.size() == 5, "login NAME KEY VALUE PASSWORD");
        return {statement.line, Login{words[1], words[2], words[3], words[4]}};
    }
    if (verb == "key") {
        need(statement, words.size() == 2, "key TEXT");
        return {statement.line, Key{words[1]}};
    }
    if (verb == "save") {
        need(statement, words.size() == 4 && words[2] == "=", "save NAME = PATH");
        return {statement.line, Save{words[1], base::split(words[3], '.')}};
    }
    need(
        statement, verb == "let" && words.size() >= 4 && words[2] == "=",
        "as, connect, login, key, save, let, modules, or a line that starts with >, < or !"
    );
    return {statement.line, Let{words[1], words[3], {words.begin() + 4, words.end()}}};
}

Step read_step(const Statement& statement) {
    const std::string rest = statement.text.substr(1);
    switch (statement.text.front()) {
        case '>':
            return {statement.line, Say{json_of(statement, rest)}};
        case '<':
            return {statement.line, Expect{json_of(statement, rest)}};
        case '!':
            return {statement.line, SayRaw{rest.substr(std::min(rest.size(), rest.find_first_not_of(' ')))}};
        default:
            return read_words(statement);
    }
}

bool says(const Step& step) {
    return std::holds_alternative<Say>(step.what) || std::holds_alternative<SayRaw>(step.what);
}

}  // namespace

Transcript read_transcript(std::string_view text) {
    Transcript transcript;
    for (const Statement& statement : statements(text)) {
        const std::vector<std::string> words = words_of(statement.text);
        if (words.front() == "modules") {
            need(statement, words.size() == 2 && transcript.steps.empty(), "modules FOLDER, before anything else");
            transcript.modules = words[1];
            continue;
        }
        Step step = read_step(statement);
        if (!transcript.steps.empty() && says(transcript.steps.back()) && !std::holds_alternative<Expect>(step.what))
            throw TranscriptError(transcript.steps.back().line, "nothing is expected of this call");
        transcript.steps.push_back(std::move(step));
    }
    if (!transcript.steps.empty() && says(transcript.steps.back()))
        throw TranscriptError(transcript.steps.back().line, "nothing is expected of this call");
    return transcript;
}

}  // namespace limp::calls
