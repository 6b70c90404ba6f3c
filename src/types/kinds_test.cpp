// The table of docs/modules.md, row by row: every type against every kind of JSON value.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "types/test_context.hpp"

namespace limp::types {
namespace {

using Kind = Type::Kind;

struct Row {
    std::string name;
    Type type;
    std::string accepted;         // which of the samples below
    std::string example, stored;  // JSON
};

// One of each kind that JSON has; a letter stands for each.
const std::vector<std::pair<char, std::string>> samples = {
    {'b', "true"}, {'i', "7"},   {'-', "-1"}, {'r', "7.5"},       {'s', "\"text\""},
    {'e', "\"\""}, {'l', "[1]"}, {'L', "[]"}, {'o', "{\"a\":1}"}, {'O', "{}"},
};

const std::string id = "\"5f1d7a0b9c3e2a4b6d8f0a1c\"";

std::vector<Row> rows() {
    const Type pair = Type::object_of({{"a", Type::of(Kind::integer), true, {}}});
    const auto of = [](Kind kind) { return Type::of(kind); };
    const auto declared = [](const char* json) { return parse_type(base::parse_json(json)); };
    return {
        {"any", of(Kind::any), "bi-rselLoO", "{\"a\":[1,null]}", "{\"a\":[1,null]}"},
        {"id", of(Kind::id), "", "\"5F1D7A0B9C3E2A4B6D8F0A1C\"", id},
        {"str", of(Kind::str), "se", "\"x\"", "\"x\""},
        {"int", of(Kind::integer), "i-", "9007199254740993", "9007199254740993"},
        {"float", of(Kind::real), "i-r", "3", "3.0"},
        {"bool", of(Kind::boolean), "b", "\"false\"", "false"},
        {"email", of(Kind::email), "", "\"a@b.c\"", "\"a@b.c\""},
        {"phone", of(Kind::phone), "", "\"+0\"", "\"+0\""},
        {"uri:web", of(Kind::uri_web), "", "\"http://localhost:8081/\"", "\"http://localhost:8081/\""},
        {"ip", of(Kind::ip), "", "\"2001:DB8:0::1\"", "\"2001:db8::1\""},
        {"time", of(Kind::time), "i-r", "\"2026-11-22T17:11+0400\"", "\"2026-11-22T13:11:00.000Z\""},
        {"file", of(Kind::file), "", R"({"name":"a","type":"","size":1,"lastModified":5,"content":[65]})",
         R"({"name":"a","type":"","size":1,"lastModified":5,"__file":"file0"})"},
        {"bin", of(Kind::bin), "selLO", "\"QUI=\"", R"({"__file":"file0","size":2})"},
        {"geo", of(Kind::geo), "", R"({"type":"Point","coordinates":[55,25.5]})",
         R"({"type":"Point","coordinates":[55.0,25.5]})"},
        {"locale", of(Kind::locale), "", R"({"ar_AE":"a"})", R"({"ar_AE":"a","en_AE":"a"})"},
        {"locales", of(Kind::locales), "", "\"en_AE\"", "\"en_AE\""},
        {"object", pair, "oO", "{\"a\":1}", "{\"a\":1}"},
        {"choice", Type::one_of({"x", 7}), "i", "\"x\"", "\"x\""},
        {"list", Type::list_of(of(Kind::integer)), "lL", "[1,2]", "[1,2]"},
        {"privileges", of(Kind::privileges), "O", R"({"blog":["read"],"*":"*"})", R"({"blog":["read"],"*":["*"]})"},
        {"attrs", of(Kind::attrs), "oO", R"({"a":{"b":[]}})", R"({"a":{"b":[]}})"},
        {"access", of(Kind::access), "", R"({"anon":true})", R"({"anon":true,"users":[],"groups":[]})"},
        {"diff", of(Kind::diff), "", "", ""},
        {"date", of(Kind::date), "", "\"2024-02-29\"", "\"2024-02-29\""},
        {"datetime", of(Kind::datetime), "i-r", "\"2026-11-22T13:11\"", "\"2026-11-22T13:11:00.000Z\""},
        {"time_of_day", of(Kind::time_of_day), "", "\"13:11\"", "\"13:11:00.000\""},
        {"dict", declared(R"({"dict":{"value":"int"}})"), "oO", R"({"b":1,"a":2})", R"({"b":1,"a":2})"},
        {"union", declared(R"({"union":["int","str"]})"), "i-se", "\"5\"", "\"5\""},
        {"mixed list", declared(R"(["str","int"])"), "lL", R"(["a",1])", R"(["a",1])"},
        {"counter", declared(R"({"counter":"$__counter"})"), "", "", ""},
    };
}

std::string cell(const Type& type, const std::string& json) {
    const Value sent = base::parse_json(json);
    if (TestContext().error(type, sent)) return " |";
    return TestContext().convert(type, sent) == sent ? " ✓ |" : " → |";
}

// A row for each type, a column for each sample, as docs/modules.md has it.
std::string table() {
    std::string head = "| type |";
    std::string line = "|---|";
    for (const auto& [letter, json] : samples) {
        head += " `" + json + "` |";
        line += ":-:|";
    }
    std::string text = head + "\n" + line + "\n";
    for (const Row& row : rows()) {
        text += "| `" + text_of(row.type) + "` |";
        for (const auto& [letter, json] : samples) text += cell(row.type, json);
        text += "\n";
    }
    return text;
}

TEST(Kinds, StandInTheManual) {
    const auto project = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path();
    std::ifstream file(project / "docs/modules.md");
    const std::string manual(std::istreambuf_iterator<char>(file), {});
    EXPECT_NE(manual.find("<!-- kinds -->\n" + table() + "<!-- /kinds -->"), std::string::npos)
        << "docs/modules.md should have, between the marks \"kinds\":\n"
        << table();
}

TEST(Kinds, AcceptTheirKindsOfJsonAndNoOthers) {
    for (const Row& row : rows())
        for (const auto& [letter, json] : samples) {
            const auto error = TestContext().error(row.type, base::parse_json(json));
            const bool wanted = row.accepted.find(letter) != std::string::npos;
            EXPECT_EQ(!error.has_value(), wanted) << row.name << " of " << json << ": " << error.value_or("accepted");
        }
}

TEST(Kinds, AreStoredAsTheTableSays) {
    for (const Row& row : rows())
        if (!row.example.empty())
            EXPECT_EQ(base::to_json(TestContext().convert(row.type, base::parse_json(row.example))), row.stored)
                << row.name;
}

TEST(Kinds, NullIsLeftToTheModule) {
    for (const Row& row : rows()) EXPECT_EQ(TestContext().convert(row.type, nullptr), Value()) << row.name;
}

TEST(Kinds, RefusalsAreTheRestOfASentence) {
    for (const Row& row : rows())
        for (const auto& [letter, json] : samples)
            if (const auto error = TestContext().error(row.type, base::parse_json(json))) {
                const std::string text = error->substr(error->find(' ') + 1);
                EXPECT_TRUE(text.starts_with("must ")) << row.name << ": " << text;
                EXPECT_FALSE(text.ends_with('.')) << row.name << ": " << text;
            }
}

}  // namespace
}  // namespace limp::types
