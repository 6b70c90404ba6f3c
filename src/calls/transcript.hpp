// calls/transcript.hpp: a conversation with limpd as text, read into steps. docs/testing.md shows the language.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "limp/value.hpp"

namespace limp::calls {

// as NAME — from here on this connection speaks. "anon" and "admin" come into being at their first use.
struct As {
    std::string name;
};

// connect NAME — a fresh anonymous connection, which speaks from here on. Its greeting can be expected.
struct Connect {
    std::string name;
};

// login NAME KEY VALUE PASSWORD — a fresh connection that signs in and speaks from here on.
struct Login {
    std::string name;
    std::string key;
    std::string value;
    std::string password;
};

// key TEXT — the next call is signed with this key instead of the connection's own.
struct Key {
    std::string text;
};

// save NAME = PATH — keeps a value of the last answer: "args.docs.0._id".
struct Save {
    std::string name;
    std::vector<std::string> path;
};

// let NAME = FORM WORD… — keeps a text that clients compute; credentials.hpp lists the forms.
struct Let {
    std::string name;
    std::string form;
    std::vector<std::string> words;
};

// > {…} — a call: signed, with a call_id of the runner's when it has none.
struct Say {
    Value call;
};

// ! text — a message sent as it stands.
struct SayRaw {
    std::string text;
};

// < {…} — what the answer must have; matcher.hpp says how they are compared.
struct Expect {
    Value answer;
};

struct Step {
    int line = 0;
    std::variant<As, Connect, Login, Key, Save, Let, Say, SayRaw, Expect> what;
};

struct Transcript {
    std::optional<std::string> modules;  // the folder of packages that it needs: `modules FOLDER`
    std::vector<Step> steps;
};

// A transcript that cannot be read, or whose answers are not those expected. what() begins with the line.
class TranscriptError : public std::runtime_error {
public:
    TranscriptError(int line, const std::string& text)
        : std::runtime_error("line " + std::to_string(line) + ": " + text), line(line), reason(text) {}
    int line;
    std::string reason;
};

// Throws TranscriptError. What is sent must be followed by what is expected.
Transcript read_transcript(std::string_view text);

}  // namespace limp::calls
