// What the manual shows of calls is what limpd answers: each example stands in a transcript.
//
// An example is a block of "json call", then one of "json answer". The call is that of a transcript, member for member;
// the answer shows no more than the transcript expects. An id, a time or a text of the example may have a name or a
// mark in the transcript ("$page", "$id", "$time", "$any"): one name is one value all through the example.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "calls/matcher.hpp"
#include "calls/transcript.hpp"
#include "tests/calls/files.hpp"

namespace limp::calls {
namespace {

struct Exchange {
    Value call;
    Value answer;
    std::string place;  // where it stands, for people
};

constexpr std::string_view call_fence = "```json call\n";
constexpr std::string_view answer_fence = "```json answer\n";
constexpr std::string_view end_of_block = "\n```";

std::string_view block_at(std::string_view text, std::size_t begin) {
    return text.substr(begin, text.find(end_of_block, begin) - begin);
}

// A call without an answer right behind it gets null for one, and resembles nothing.
std::vector<Exchange> examples_in(const std::string& page) {
    const std::string text = contents(source_root() / "docs" / page);
    std::vector<Exchange> found;
    for (std::size_t at = text.find(call_fence); at != std::string::npos; at = text.find(call_fence, at + 1)) {
        const std::string_view call = block_at(text, at + call_fence.size());
        Exchange example{base::parse_json(call), {}, "docs/" + page + ": " + std::string(call)};
        const std::size_t next = text.find("```json", at + call_fence.size());
        if (text.compare(next, answer_fence.size(), answer_fence) == 0)
            example.answer = base::parse_json(block_at(text, next + answer_fence.size()));
        found.push_back(std::move(example));
    }
    return found;
}

std::vector<Exchange> exchanges() {
    std::vector<Exchange> found;
    for (const std::string& name : transcripts()) {
        const Transcript transcript = read_transcript(contents(calls_folder() / name));
        const Value* call = nullptr;
        for (const Step& step : transcript.steps) {
            if (const auto* say = std::get_if<Say>(&step.what)) call = &say->call;
            const auto* expect = std::get_if<Expect>(&step.what);
            if (expect && call)
                found.push_back({*call, expect->answer, "tests/calls/" + name + ":" + std::to_string(step.line)});
        }
    }
    return found;
}

// Compares what the manual shows with what a transcript says.
class Likeness {
public:
    enum class Members { all, some };

    bool holds(const Value& shown, const Value& said, Members members) {
        if (said.is_string() && said.string().starts_with('$') && shown != said)
            return stands_for(said.string(), shown);
        if (shown.is_object() && said.is_object()) return objects(shown.object(), said.object(), members);
        if (shown.is_list() && said.is_list()) return lists(shown.list(), said.list(), members);
        return shown == said;
    }

private:
    bool objects(const Object& shown, const Object& said, Members members) {
        if (members == Members::all && shown.size() != said.size()) return false;
        for (const Member& member : shown) {
            const Value* found = said.find(member.name);
            if (!found || !holds(member.value, *found, members)) return false;
        }
        return true;
    }

    bool lists(const List& shown, const List& said, Members members) {
        if (shown.size() != said.size()) return false;
        for (std::size_t at = 0; at < shown.size(); ++at)
            if (!holds(shown[at], said[at], members)) return false;
        return true;
    }

    bool stands_for(const std::string& name, const Value& shown) {
        if (name == "$any" || name == "$id" || name == "$time") return !difference(Value(name), shown);
        if (name == "$absent") return false;
        return kept_.emplace(name, shown).first->second == shown;
    }

    Kept kept_;
};

bool is_like(const Exchange& example, const Exchange& said) {
    Likeness likeness;
    return likeness.holds(example.call, said.call, Likeness::Members::all) &&
           likeness.holds(example.answer, said.answer, Likeness::Members::some);
}

class Manual : public testing::TestWithParam<std::string> {};

TEST_P(Manual, ShowsWhatTranscriptsSay) {
    const std::vector<Exchange> said = exchanges();
    const std::vector<Exchange> examples = examples_in(GetParam());
    EXPECT_FALSE(examples.empty());
    for (const Exchange& example : examples) {
        std::string same_call;
        bool is_said = false;
        for (const Exchange& one : said) {
            is_said = is_said || is_like(example, one);
            if (Likeness().holds(example.call, one.call, Likeness::Members::all)) same_call += "\n  " + one.place;
        }
        EXPECT_TRUE(is_said) << example.place << "\nstands in no transcript with that answer"
                             << (same_call.empty() ? "" : "; the call does:") << same_call;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Of, Manual, testing::Values("queries.md", "updates.md"),
    [](const testing::TestParamInfo<std::string>& info) { return test_name(info.param); }
);

Value json(std::string_view text) {
    return base::parse_json(text);
}

bool shows(std::string_view shown, std::string_view said) {
    return is_like({json("{}"), json(shown), ""}, {json("{}"), json(said), ""});
}

TEST(ManualExamples, ShowNoMoreThanIsSaid) {
    EXPECT_TRUE(shows(R"({"status": 200})", R"({"status": 200, "args": {"count": 1}})"));
    EXPECT_FALSE(shows(R"({"status": 200, "msg": "Found."})", R"({"status": 200})"));
    EXPECT_FALSE(shows(R"({"docs": [{"a": 1}]})", R"({"docs": [{"a": 1}, {"a": 2}]})"));
    EXPECT_FALSE(shows(R"({"docs": []})", R"({"docs": "$absent"})"));
    EXPECT_FALSE(shows(R"(null)", R"({"status": 200})"));
}

TEST(ManualExamples, HaveValuesWhereTranscriptsHaveNames) {
    EXPECT_TRUE(shows(R"(["a1", "a1", "b2"])", R"(["$page", "$page", "$other"])"));
    EXPECT_FALSE(shows(R"(["a1", "b2"])", R"(["$page", "$page"])"));
    EXPECT_TRUE(shows(R"(["7ea0000000000000000000a1", 1.5])", R"(["$id", "$any"])"));
    EXPECT_FALSE(shows(R"(["7ea"])", R"(["$id"])"));
}

TEST(ManualExamples, CallWithTheSameMembers) {
    Likeness likeness;
    EXPECT_FALSE(likeness.holds(json(R"({"a": 1})"), json(R"({"a": 1, "b": 2})"), Likeness::Members::all));
    EXPECT_FALSE(likeness.holds(json(R"({"a": 1})"), json(R"({"a": 2})"), Likeness::Members::all));
    EXPECT_TRUE(likeness.holds(json(R"({"b": 2, "a": 1})"), json(R"({"a": 1, "b": 2})"), Likeness::Members::all));
}

}  // namespace
}  // namespace limp::calls
