// What docs/modules.md and docs/manifest.md show is what limpd reads: every example is loaded as a manifest.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "package/manifest.hpp"

namespace limp::package {
namespace {

namespace fs = std::filesystem;

std::string manual(const std::string& name) {
    std::ifstream file(fs::path(__FILE__).parent_path().parent_path().parent_path() / "docs" / name);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

// What stands in ```jsonc blocks.
std::vector<std::string> blocks(const std::string& text) {
    const std::string begin = "```jsonc\n";
    std::vector<std::string> found;
    for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
        at += begin.size();
        found.push_back(text.substr(at, text.find("\n```", at) - at));
    }
    return found;
}

// The last cell of each row in the table whose heading ends so, without its quotes.
std::vector<std::string> last_cells(const std::string& text, const std::string& heading) {
    std::vector<std::string> found;
    std::size_t at = text.find(heading);
    if (at == std::string::npos) return found;
    at = text.find('\n', text.find('\n', at) + 1) + 1;
    for (; text.at(at) == '|'; at = text.find('\n', at) + 1) {
        const std::string row = text.substr(at, text.find('\n', at) - at);
        const std::size_t begin = row.rfind("| `") + 3;
        found.push_back(row.substr(begin, row.rfind("` |") - begin));
    }
    return found;
}

std::string module_with(const std::string& members) {
    return R"({"modules": {"thing": {"collection": "things", )" + members + "}}}";
}

// An example, which may show a whole manifest, a permission, or members of a module.
std::string whole(const std::string& example) {
    const std::string attrs =
        R"("attrs": {"cat": "id", "user": "id", "maker": "id", "target": "id", "kind": "str", "state": "str",
            "notes": "str"}, )";
    if (example.starts_with(R"({"privilege")"))
        return module_with(attrs + R"("methods": {"delete": {"permissions": [)" + example + "]}}");
    if (example.starts_with('{')) return example;
    return module_with((example.starts_with("\"attrs\"") ? "" : attrs) + example);
}

// Why the manifest is refused; nothing when it is read.
std::string complaint(const std::string& text) {
    const fs::path folder = fs::temp_directory_path() / ("limp_docs_test_" + std::to_string(getpid())) / "shop";
    fs::create_directories(folder);
    std::ofstream(folder / "limp.json") << text;
    std::string said;
    try {
        read_manifest(folder / "limp.json", read_templates({folder / "limp.json"}, {}));
    } catch (const ManifestError& error) {
        said = error.what();
    }
    fs::remove_all(folder.parent_path());
    return said;
}

TEST(Docs, EveryExampleIsAManifest) {
    for (const char* name : {"modules.md", "manifest.md"}) {
        const std::vector<std::string> examples = blocks(manual(name));
        EXPECT_FALSE(examples.empty()) << name;
        for (const std::string& example : examples)
            EXPECT_EQ(complaint(whole(example)), "") << name << ":\n" << example;
    }
}

TEST(Docs, EveryTypeIsDeclaredAsTheTableSays) {
    const std::vector<std::string> declarations = last_cells(manual("modules.md"), "in a manifest |");
    EXPECT_GE(declarations.size(), 30U);
    for (const std::string& one : declarations)
        EXPECT_EQ(complaint(module_with("\"attrs\": {" + one + "}")), "") << one;
}

TEST(Docs, AnExampleThatIsWrongIsNoticed) {
    EXPECT_NE(complaint(whole(R"("attrs": {"a": {"int": {"mni": 0}}})")), "");
    EXPECT_NE(complaint(whole(R"({"privilege": "admn"})")), "");
}

}  // namespace
}  // namespace limp::package
