// docs/configuration.md and schema/limp.schema.json say of each configuration key what app/config_keys.cpp says.
// With LIMP_WRITE_DOCS in the environment the test writes them instead.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "app/config_keys.hpp"
#include "base/json.hpp"

namespace limp::app {
namespace {

using Kind = Value::Kind;

std::filesystem::path project_file(const std::string& name) {
    return std::filesystem::path(__FILE__).parent_path().parent_path().parent_path() / name;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Holds the part of the file between two marks to what it should be.
void expect_part(const std::string& name, const std::string& begin, const std::string& end, const std::string& part) {
    const std::filesystem::path path = project_file(name);
    const std::string text = read_file(path);
    std::size_t from = text.find(begin);
    ASSERT_NE(from, std::string::npos) << name << " lacks " << begin;
    from += begin.size();
    const std::size_t to = text.find(end, from);
    ASSERT_NE(to, std::string::npos) << name << " lacks " << end;
    if (std::getenv("LIMP_WRITE_DOCS"))
        std::ofstream(path, std::ios::binary) << text.substr(0, from) + part + text.substr(to);
    else
        EXPECT_EQ(text.substr(from, to - from), part) << name << " is behind app/config_keys.cpp";
}

std::string meaning_of(const ConfigKey& key) {
    return std::string(key.meaning) + (key.has_effect ? "" : " No effect in this version.");
}

Value default_of(const ConfigKey& key) {
    Config config;
    return value_of(key, config);
}

std::string range_of(const ConfigKey& key) {
    switch (default_of(key).kind()) {
        case Kind::boolean:
            return "true or false";
        case Kind::integer:
            return std::to_string(key.least) + " to " + std::to_string(key.most);
        case Kind::list:
            return key.name == "groups" ? "list of documents" : "list of texts";
        case Kind::object:
            return "object";
        default:
            break;
    }
    std::string choices;
    for (const std::string& choice : key.choices) choices += (choices.empty() ? "`" : " or `") + choice + '`';
    return choices.empty() ? "text" : choices;
}

std::string row_of(const ConfigKey& key) {
    const std::string fixed = '`' + base::to_json(default_of(key)) + '`';
    return "| `" + std::string(key.name) + "` | " + (key.computed.empty() ? fixed : std::string(key.computed)) + " | " +
           range_of(key) + " | " + meaning_of(key) + " |\n";
}

Value or_variable(Object schema) {
    return List{std::move(schema), Object{{"$ref", "#/$defs/variable"}}};
}

Object schema_of(const ConfigKey& key) {
    const Value value = default_of(key);
    Object schema = {{"description", meaning_of(key)}};
    if (key.computed.empty()) schema["default"] = value;
    switch (value.kind()) {
        case Kind::boolean:
            schema["anyOf"] = or_variable({{"type", "boolean"}});
            break;
        case Kind::integer:
            schema["anyOf"] = or_variable({{"type", "integer"}, {"minimum", key.least}, {"maximum", key.most}});
            break;
        case Kind::list:
            schema["type"] = "array";
            schema["minItems"] = key.least;
            schema["items"] =
                Object{{"$ref", key.name == "groups" ? "#/$defs/stored_document" : "#/$defs/filled_text"}};
            break;
        case Kind::object:
            schema["type"] = "object";
            break;
        default:
            schema["type"] = "string";
            schema["minLength"] = key.least;
    }
    if (!key.choices.empty()) {
        schema.erase("type");
        schema["anyOf"] = or_variable({{"enum", List(key.choices.begin(), key.choices.end())}});
    }
    return schema;
}

TEST(ConfigDocs, TheManualHasEveryKey) {
    std::string table = "\n| key | default | what it takes | meaning |\n|---|---|---|---|\n";
    for (const ConfigKey& key : config_keys()) table += row_of(key);
    expect_part("docs/configuration.md", "<!-- keys -->", "<!-- /keys -->", table);
}

TEST(ConfigDocs, TheSchemaHasEveryKey) {
    const std::string indent(16, ' ');
    std::string properties = "\n";
    for (const ConfigKey& key : config_keys()) {
        if (properties.size() > 1) properties += ",\n";
        properties += indent + '"' + std::string(key.name) + "\": " + base::to_json(schema_of(key));
    }
    const std::string begin =
        "config_keys.cpp.\",\n            \"type\": \"object\",\n            \"additionalProperties\": false,\n"
        "            \"properties\": {";
    expect_part("schema/limp.schema.json", begin, "\n            }\n        }\n    }\n}\n", properties);
    EXPECT_NO_THROW(base::parse_json(read_file(project_file("schema/limp.schema.json"))));
}

}  // namespace
}  // namespace limp::app
