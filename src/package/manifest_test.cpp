#include "package/manifest.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>

namespace limp::package {
namespace {

namespace fs = std::filesystem;

// A folder of packages that is gone when the test is.
class Folder {
public:
    Folder() : path_(fs::temp_directory_path() / ("limp_package_test_" + std::to_string(getpid()))) {
        fs::remove_all(path_);
        fs::create_directories(path_);
    }
    ~Folder() { fs::remove_all(path_); }

    const fs::path& path() const { return path_; }

    fs::path write(const std::string& package, const std::string& text) const {
        fs::create_directories(path_ / package);
        std::ofstream(path_ / package / "limp.json") << text;
        return path_ / package / "limp.json";
    }

private:
    fs::path path_;
};

// What `content` is in the core package, in small.
std::map<std::string, Module> templates() {
    Attr title{"title", Type::of(Type::Kind::locale), false, std::nullopt};
    Attr status{"status", Type::one_of({"draft", "published"}), false, Value("draft")};
    Attr user{"user", Type::of(Type::Kind::id), false, std::nullopt};
    Method read;
    read.name = "read";
    read.operation = Operation::read;
    read.permissions.push_back({"*", Object{}, {}, {}});

    Module content;
    content.name = "content";
    content.attrs = {title, status, user};
    content.methods = {read};
    content.privileges = {"read", "publish"};
    content.extns = {{"user", "user", {"name"}, false}};
    content.indexes = {{"title", "status"}};
    content.hooks.push_back({HookPoint::When::before, Operation::create, {}});
    return {{"content", content}, {"content_cat", Module{}}};
}

Manifest read(const std::string& text) {
    const Folder folder;
    return read_manifest(folder.write("shop", text), templates());
}

// "<line>: <what>" of the complaint about that text.
std::string complaint(const std::string& text) {
    const Folder folder;
    const fs::path file = folder.write("shop", text);
    try {
        read_manifest(file, templates());
    } catch (const ManifestError& error) {
        const std::string what = error.what();
        EXPECT_TRUE(what.starts_with(file.string() + ':')) << what;
        return what.substr(file.string().size() + 1);
    }
    return "none";
}

// The complaint about a module "item" with these members beside its collection and an attr "title".
std::string complaint_in_module(const std::string& members) {
    return complaint(
        "{\"modules\": {\"item\": {\n\"collection\": \"items\", \"attrs\": {\"title\": \"str\", \"cat\": "
        "\"id\", \"kind\": \"str\"},\n" +
        members + "\n}}}"
    );
}

#define EXPECT_COMPLAINT(expected, actual)                                     \
    do {                                                                       \
        const std::string said = (actual);                                     \
        EXPECT_NE(said.find(expected), std::string::npos) << "said: " << said; \
    } while (false)

TEST(Manifest, ReadsAllOfIt) {
    const Manifest manifest = read(R"({
        // a comment
        "$schema": "../limp.schema.json",
        "config": {"port": 9000, "locales": ["en_AE"]},
        "envs": {"prod": {"port": 80}, "test": {}},
        "docs": [{"module": "group", "doc": {"_id": "F00000000000000000000020", "name": {"en_AE": "Staff"}}}],
        "modules": {
            "item": {
                "collection": "items",
                "attrs": {
                    "title": "str",
                    "tags": ["str"],
                    "state": {"enum": ["new", "old"]},
                    "size": {"width": "int", "height": "int"},
                    "note": {"type": "str", "optional": true},
                    "made": {"type": "time", "default": "$__time"},
                    "cat": "id",
                    "users": ["id"]
                },
                "optional_attrs": ["tags"],
                "defaults": {"state": "new"},
                "was": {"title": "name"},
                "unique_attrs": ["title", ["cat", "state"]],
                "indexes": [["cat", "made"], "tags"],
                "extns": {
                    "cat": ["item_cat", ["title"], true],
                    "users": {"module": "user", "attrs": ["*"]}
                },
                "methods": {
                    "read": {
                        "permissions": [
                            ["*", {"state": {"val": "new"}}],
                            {"privilege": "read", "query": [{"state": "old"}], "hide": ["note"]}
                        ],
                        "get_method": true
                    },
                    "create": {"permissions": [["create", {}, {"cat": null}], ["__NOT:user.admin"]],
                               "doc_args": ["!title", "^tags", "^note", {"!code": "str", "hint": ["int"]}]},
                    "delete": {"permissions": [], "query_args": ["!_id"]}
                },
                "privileges": ["read", "create", "publish"]
            }
        }
    })");
    EXPECT_EQ(manifest.package.name, "shop");
    ASSERT_EQ(manifest.config.size(), 2U);
    EXPECT_EQ(manifest.config[0].key, "port");
    EXPECT_EQ(manifest.config[0].value, Value(9000));
    EXPECT_EQ(manifest.config[0].line, 4);
    EXPECT_EQ(manifest.envs.at("prod")[0].value, Value(80));
    EXPECT_TRUE(manifest.envs.contains("test"));
    ASSERT_EQ(manifest.package.documents.size(), 1U);
    EXPECT_EQ(manifest.package.documents[0].module, "group");
    EXPECT_EQ(*manifest.package.documents[0].doc.find("_id"), Value("f00000000000000000000020"));

    ASSERT_EQ(manifest.package.modules.size(), 1U);
    const Module& item = manifest.package.modules[0];
    EXPECT_EQ(item.name, "item");
    EXPECT_EQ(item.package, "shop");
    EXPECT_EQ(item.collection, "items");
    EXPECT_EQ(item.attrs.front().name, "title");
    EXPECT_EQ(item.attr("tags")->type.kind, Type::Kind::list);
    EXPECT_TRUE(item.attr("tags")->optional);
    EXPECT_EQ(item.attr("state")->type.kind, Type::Kind::choice);
    EXPECT_EQ(item.attr("state")->default_value, Value("new"));
    EXPECT_FALSE(item.attr("state")->optional);
    EXPECT_EQ(item.attr("size")->type.kind, Type::Kind::object);
    EXPECT_TRUE(item.attr("note")->optional);
    EXPECT_EQ(item.attr("made")->default_value, Value("$__time"));
    EXPECT_EQ(item.unique, (std::vector<std::vector<std::string>>{{"title"}, {"cat", "state"}}));
    EXPECT_EQ(item.attr("title")->was, "name");
    EXPECT_EQ(item.attr("tags")->was, "");
    EXPECT_EQ(item.indexes, (std::vector<std::vector<std::string>>{{"cat", "made"}, {"tags"}}));
    EXPECT_EQ(item.privileges, (std::vector<std::string>{"read", "create", "publish"}));

    EXPECT_EQ(item.extn("cat")->module, "item_cat");
    EXPECT_EQ(item.extn("cat")->attrs, std::vector<std::string>{"title"});
    EXPECT_TRUE(item.extn("cat")->deep);
    EXPECT_TRUE(item.extn("users")->attrs.empty());
    EXPECT_FALSE(item.extn("users")->deep);

    const Method& read_method = *item.method("read");
    EXPECT_EQ(read_method.operation, Operation::read);
    EXPECT_EQ(read_method.order, Method::Order::read);
    EXPECT_TRUE(read_method.get_method);
    EXPECT_EQ(read_method.permissions[0].privilege, "*");
    EXPECT_NE(read_method.permissions[0].query.find("state"), nullptr);
    EXPECT_TRUE(read_method.permissions[1].query.is_list());
    EXPECT_EQ(read_method.permissions[1].hide, std::vector<std::string>{"note"});

    const Method& create = *item.method("create");
    EXPECT_EQ(create.operation, Operation::create);
    EXPECT_EQ(create.order, Method::Order::write);
    EXPECT_TRUE(create.permissions[0].doc.find("cat")->is_null());
    EXPECT_EQ(create.permissions[1].privilege, "__NOT:user.admin");
    ASSERT_EQ(create.doc_args.size(), 5U);
    EXPECT_EQ(create.doc_args[0].need, Argument::Need::always);
    EXPECT_EQ(create.doc_args[1].need, Argument::Need::one_of);
    EXPECT_EQ(create.doc_args[3].name, "code");
    EXPECT_EQ(create.doc_args[3].type.kind, Type::Kind::str);
    EXPECT_EQ(create.doc_args[4].need, Argument::Need::optional);
    EXPECT_EQ(item.method("delete")->operation, Operation::remove);
    EXPECT_EQ(item.method("delete")->query_args[0].name, "_id");
}

TEST(Manifest, TheSampleIsRead) {
    Module content;
    content.attrs = {
        {"cat", Type::of(Type::Kind::id), false, {}},
        {"user", Type::of(Type::Kind::id), false, {}},
        {"expiry_time", Type::of(Type::Kind::time), false, {}}
    };
    const fs::path project = fs::path(__FILE__).parent_path().parent_path().parent_path();
    const Manifest sample =
        read_manifest(project / "examples/limp-sample-app/limp.json", {{"content", content}, {"content_cat", {}}});
    EXPECT_EQ(sample.package.name, "limp-sample-app");
    EXPECT_EQ(sample.package.modules.size(), 3U);
    EXPECT_TRUE(sample.package.modules[1].attr("expiry_time")->optional);
}

TEST(Manifest, AnEmptyOneIsAPackageWithoutModules) {
    EXPECT_TRUE(read("{}").package.modules.empty());
}

TEST(Manifest, MergesATemplateOverTheModule) {
    const Manifest manifest = read(R"({"modules": {"post": {
        "collection": "posts", "template": "content",
        "attrs": {"extra": "int", "title": "str"},
        "optional_attrs": ["title"], "defaults": {"extra": 5}, "was": {"status": "state"}, "indexes": ["user"],
        "extns": {"user": ["user", ["email"]]},
        "methods": {"read": {"permissions": [["publish"]]}, "update": {"permissions": [["update"]]}}
    }}})");
    const Module& post = manifest.package.modules[0];
    EXPECT_EQ(post.name, "post");
    EXPECT_EQ(post.collection, "posts");
    EXPECT_EQ(post.attrs[0].name, "extra");
    EXPECT_EQ(post.attr("title")->type.kind, Type::Kind::locale);
    EXPECT_TRUE(post.attr("title")->optional);
    EXPECT_EQ(post.attr("status")->default_value, Value("draft"));
    EXPECT_EQ(post.attr("status")->was, "state");
    EXPECT_EQ(post.indexes, (std::vector<std::vector<std::string>>{{"user"}, {"title", "status"}}));
    EXPECT_EQ(post.attr("extra")->default_value, Value(5));
    EXPECT_EQ(post.method("read")->permissions[0].privilege, "*");
    EXPECT_NE(post.method("update"), nullptr);
    EXPECT_EQ(post.extn("user")->attrs, std::vector<std::string>{"name"});
    EXPECT_EQ(post.hooks.size(), 1U);
    EXPECT_NE(std::ranges::find(post.privileges, "publish"), post.privileges.end());
    EXPECT_NE(std::ranges::find(post.privileges, "admin"), post.privileges.end());
}

TEST(Manifest, ReadsWhatIsSearchedKeptAndBroughtBack) {
    const Manifest manifest = read(R"({"modules": {"item": {
        "collection": "items", "attrs": {"title": "str", "tags": ["str"]},
        "searched": ["title", "tags"], "history": true,
        "methods": {
            "delete": {"permissions": [{"privilege": "admin", "hard": true}, ["delete"]]},
            "undelete": {"permissions": [["admin"]], "query_args": ["!_id"]}
        }
    }}})");
    const Module& item = manifest.package.modules[0];
    EXPECT_EQ(item.searched, (std::vector<std::string>{"title", "tags"}));
    EXPECT_TRUE(item.history);
    EXPECT_TRUE(item.method("delete")->permissions[0].hard);
    EXPECT_FALSE(item.method("delete")->permissions[1].hard);
    EXPECT_EQ(item.method("undelete")->operation, Operation::undelete);
    EXPECT_EQ(item.method("undelete")->order, Method::Order::write);
    EXPECT_EQ(item.method("undelete")->query_args[0].name, "_id");
}

TEST(Manifest, ReadsFileRetrieval) {
    const Manifest manifest = read(R"({"modules": {"item": {
        "collection": "items", "attrs": {"photo": "file"},
        "methods": {"retrieve_file": {"permissions": [["*", {"_id": {"val": "$__user"}}]]}}
    }}})");
    const Method& method = *manifest.package.modules[0].method("retrieve_file");
    EXPECT_EQ(method.operation, Operation::retrieve);
    EXPECT_EQ(method.order, Method::Order::read);
    EXPECT_TRUE(method.get_method);
    ASSERT_EQ(method.query_args.size(), 3U);
    EXPECT_EQ(method.query_args[0].name, "_id");
    EXPECT_EQ(method.query_args[1].name, "var");
    EXPECT_EQ(method.query_args[2].name, "thumb");
    EXPECT_EQ(method.query_args[2].need, Argument::Need::optional);
    EXPECT_EQ(method.permissions[0].privilege, "*");
    EXPECT_COMPLAINT(
        "is a GET method, always",
        complaint_in_module(R"("methods": {"retrieve_file": {"permissions": [], "get_method": false}})")
    );
    EXPECT_COMPLAINT(
        "unknown key \"query_args\"",
        complaint_in_module(R"("methods": {"retrieve_file": {"permissions": [], "query_args": []}})")
    );
}

TEST(Manifest, RefusesWrongSearchesHistoriesAndHardDeletes) {
    EXPECT_COMPLAINT("unknown attr \"titel\"", complaint_in_module(R"("searched": ["titel"])"));
    EXPECT_COMPLAINT("must be a list", complaint_in_module(R"("searched": "title")"));
    EXPECT_COMPLAINT("\"history\" must be true or false", complaint_in_module(R"("history": 1)"));
    EXPECT_COMPLAINT(
        "\"hard\" is for \"delete\" alone",
        complaint_in_module(R"("methods": {"update": {"permissions": [{"privilege": "*", "hard": true}]}})")
    );
    EXPECT_COMPLAINT(
        "\"hard\" must be true or false",
        complaint_in_module(R"("methods": {"delete": {"permissions": [{"privilege": "*", "hard": 1}]}})")
    );
}

constexpr const char* media = R"({"templates": {"media": {
    "attrs": {"title": "str", "credit": "str", "state": {"enum": ["new", "old"]}},
    "optional_attrs": ["credit"], "defaults": {"state": "new"}, "indexes": ["state"], "searched": ["title"],
    "history": true, "privileges": ["read", "approve"],
    "methods": {"read": {"permissions": [["approve"]]}}
}}})";

TEST(Templates, AreForModulesOfAnyPackage) {
    const Folder folder;
    // The package that uses it stands before the one that has it.
    const std::vector<fs::path> files = {
        folder.write("gallery", R"({"modules": {"photo": {"collection": "photos", "template": "media",
                                   "attrs": {"place": "str"}, "searched": ["place"], "unique_attrs": ["title"]}}})"),
        folder.write("studio", media)
    };
    const auto known = read_templates(files, templates());
    EXPECT_EQ(known.size(), templates().size() + 1);
    const Manifest manifest = read_manifest(files[0], known);
    const Module& photo = manifest.package.modules[0];
    EXPECT_EQ(photo.package, "gallery");
    EXPECT_TRUE(photo.attr("credit")->optional);
    EXPECT_EQ(photo.attr("state")->default_value, Value("new"));
    EXPECT_EQ(photo.searched, (std::vector<std::string>{"place", "title"}));
    EXPECT_TRUE(photo.history);
    EXPECT_EQ(photo.indexes, (std::vector<std::vector<std::string>>{{"state"}}));
    EXPECT_EQ(photo.unique, (std::vector<std::vector<std::string>>{{"title"}}));
    EXPECT_EQ(photo.method("read")->permissions[0].privilege, "approve");
    EXPECT_NE(std::ranges::find(photo.privileges, "approve"), photo.privileges.end());

    const Manifest studio = read_manifest(files[1], known);
    EXPECT_TRUE(studio.package.modules.empty());
    ASSERT_EQ(studio.package.templates.size(), 1U);
    EXPECT_EQ(studio.package.templates[0].name, "media");
}

TEST(Templates, HaveOneNameEach) {
    const auto complaint_about = [](const std::vector<fs::path>& files) -> std::string {
        try {
            read_templates(files, templates());
        } catch (const ManifestError& error) {
            return error.what();
        }
        return "none";
    };
    const Folder folder;
    const fs::path studio = folder.write("studio", media);
    EXPECT_COMPLAINT(
        "limp.json:1: the template \"media\" exists already, in the package \"studio\"",
        complaint_about({studio, folder.write("shop", media)})
    );
    EXPECT_COMPLAINT(
        "the template \"content\" exists already",
        complaint_about({folder.write("shop", R"({"templates": {"content": {"attrs": {"a": "str"}}}})")})
    );
}

TEST(Templates, AreNoModules) {
    EXPECT_COMPLAINT(
        "unknown key \"collection\"", complaint(R"({"templates": {"a": {"collection": "a", "attrs": {}}}})")
    );
    EXPECT_COMPLAINT("unknown key \"template\"", complaint(R"({"templates": {"a": {"template": "content"}}})"));
    EXPECT_COMPLAINT("\"a\" needs \"attrs\"", complaint(R"({"templates": {"a": {}}})"));
    EXPECT_COMPLAINT("a template is named by lower-case", complaint(R"({"templates": {"A": {"attrs": {}}}})"));
    EXPECT_COMPLAINT(
        "unknown attr \"b\"", complaint(R"({"templates": {"a": {"attrs": {"c": "str"}, "searched": ["b"]}}})")
    );
}

TEST(Manifest, KnowsTheLineOfAPlace) {
    const Manifest manifest = read(
        "{\n\"docs\": [\n{\"module\": \"group\", \"doc\": {\"_id\": \"f00000000000000000000020\"}}],\n\"modules\": {\n"
        "\"item\": {\n\"collection\": \"items\",\n\"attrs\": {\"cat\": \"id\"},\n\"extns\": {\n\"cat\": [\"c\", "
        "[\"*\"]]},\n"
        "\"methods\": {\"read\": {\"permissions\": [\n[\"*\"],\n[\"read\"]]}}}}}"
    );
    EXPECT_EQ(manifest.line_of("docs[0]"), 3);
    EXPECT_EQ(manifest.line_of("item"), 5);
    EXPECT_EQ(manifest.line_of("item.collection"), 6);
    EXPECT_EQ(manifest.line_of("item.extns.cat"), 9);
    EXPECT_EQ(manifest.line_of("item.methods.read.permissions[1]"), 12);
    EXPECT_EQ(manifest.line_of("item.methods.read.permissions[1].query"), 12);
    EXPECT_EQ(manifest.line_of("item.methods.create"), 10);
    EXPECT_EQ(manifest.line_of("nobody"), 4);
    EXPECT_EQ(read("{}").line_of("item"), 1);
}

TEST(Manifest, NamesTheFileTheLineAndTheNearest) {
    EXPECT_COMPLAINT("2: unknown key \"modulse\"; did you mean \"modules\"?", complaint("{\n\"modulse\": {}}"));
    EXPECT_COMPLAINT("3: unknown key \"metods\"; did you mean \"methods\"?", complaint_in_module("\"metods\": {}"));
    EXPECT_COMPLAINT(
        "3: unknown attr \"titel\"; did you mean \"title\"?", complaint_in_module("\"optional_attrs\": [\"titel\"]")
    );
    EXPECT_COMPLAINT(
        "unknown key \"permisions\"; did you mean \"permissions\"?",
        complaint_in_module(R"("methods": {"read": {"permisions": []}})")
    );
    EXPECT_COMPLAINT(
        "unknown template \"contnet\"; did you mean \"content\"?", complaint_in_module(R"("template": "contnet")")
    );
}

TEST(Manifest, NamesTheTypeThatThereIsNot) {
    const std::string text = complaint(
        "{\"modules\": {\"item\": {\"collection\": \"items\", \"attrs\": {\n\"title\": "
        "\"str\",\n\"size\": {\n\"width\": \"strr\"}}}}}"
    );
    EXPECT_COMPLAINT("4: ", text);
    EXPECT_COMPLAINT("did you mean \"str\"?", text);
    EXPECT_COMPLAINT(
        "did you mean \"str\"?",
        complaint(R"({"modules": {"i": {"collection": "i", "attrs": {"t": {"type": "strr"}}}}})")
    );
}

TEST(Manifest, RefusesWrongKinds) {
    EXPECT_COMPLAINT("1: a manifest must be an object, not a list", complaint("[]"));
    EXPECT_COMPLAINT("\"$schema\" must be a text, not a number", complaint(R"({"$schema": 1})"));
    EXPECT_COMPLAINT("\"config\" must be an object, not a list", complaint(R"({"config": []})"));
    EXPECT_COMPLAINT("\"prod\" must be an object, not null", complaint(R"({"envs": {"prod": null}})"));
    EXPECT_COMPLAINT("\"docs\" must be a list, not an object", complaint(R"({"docs": {}})"));
    EXPECT_COMPLAINT("\"item\" must be an object, not a text", complaint(R"({"modules": {"item": "x"}})"));
    EXPECT_COMPLAINT("\"optional_attrs\" must be a list", complaint_in_module(R"("optional_attrs": "title")"));
    EXPECT_COMPLAINT("element 1 of \"privileges\" must be a text", complaint_in_module(R"("privileges": [1])"));
    EXPECT_COMPLAINT(
        "\"get_method\" must be true or false, not a number",
        complaint_in_module(R"("methods": {"read": {"permissions": [], "get_method": 1}})")
    );
    EXPECT_COMPLAINT(
        "element 2 of element 1 of \"permissions\" must be an object, not a text",
        complaint_in_module(R"("methods": {"read": {"permissions": [["*", "x"]]}})")
    );
}

TEST(Manifest, RefusesWhatIsMissing) {
    EXPECT_COMPLAINT("\"item\" needs \"collection\"", complaint(R"({"modules": {"item": {"attrs": {"a": "str"}}}})"));
    EXPECT_COMPLAINT("\"item\" needs \"attrs\"", complaint(R"({"modules": {"item": {"collection": "items"}}})"));
    EXPECT_COMPLAINT("\"read\" needs \"permissions\"", complaint_in_module(R"("methods": {"read": {}})"));
    EXPECT_COMPLAINT("\"doc\" needs \"_id\"", complaint(R"({"docs": [{"module": "group", "doc": {}}]})"));
    EXPECT_COMPLAINT("needs \"doc\"", complaint(R"({"docs": [{"module": "group"}]})"));
}

TEST(Manifest, RefusesWrongNames) {
    EXPECT_COMPLAINT("a module is named by lower-case", complaint(R"({"modules": {"Item": {}}})"));
    EXPECT_COMPLAINT("a module is named by lower-case", complaint(R"({"modules": {"": {}}})"));
    EXPECT_COMPLAINT(
        "\"collection\" must be lower-case",
        complaint(R"({"modules": {"item": {"collection": "it ems", "attrs": {}}}})")
    );
    for (const char* name : {"_id", "$a", "a.b", "1a", "", "__deleted"})
        EXPECT_COMPLAINT(
            "an attr is named by letters",
            complaint(
                std::string(R"({"modules": {"item": {"collection": "items", "attrs": {")") + name + "\": \"str\"}}}}"
            )
        );
    EXPECT_COMPLAINT("24 hex digits", complaint(R"({"docs": [{"module": "group", "doc": {"_id": "f0"}}]})"));
}

TEST(Manifest, RefusesWrongAttrs) {
    EXPECT_COMPLAINT(
        "unknown key \"was\"",
        complaint(R"({"modules": {"i": {"collection": "i", "attrs": {"t": {"type": "str", "was": "u"}}}}})")
    );
    EXPECT_COMPLAINT("has a default already", complaint(R"({"modules": {"i": {"collection": "i",
                         "attrs": {"t": {"type": "str", "default": "x"}}, "defaults": {"t": "y"}}}})"));
    EXPECT_COMPLAINT("unknown attr \"knd\"; did you mean \"kind\"?", complaint_in_module(R"("defaults": {"knd": 1})"));
    EXPECT_COMPLAINT("unknown attr \"knd\"", complaint_in_module(R"("unique_attrs": ["knd"])"));
    EXPECT_COMPLAINT("unknown attr \"knd\"", complaint_in_module(R"("unique_attrs": [["title", "knd"]])"));
    EXPECT_COMPLAINT("must name some", complaint_in_module(R"("unique_attrs": [[]])"));
    EXPECT_COMPLAINT("unknown attr \"knd\"; did you mean \"kind\"?", complaint_in_module(R"("indexes": ["knd"])"));
    EXPECT_COMPLAINT("element 1 of \"indexes\" must name some", complaint_in_module(R"("indexes": [[]])"));
    EXPECT_COMPLAINT("must be a list, not a text", complaint_in_module(R"("indexes": "kind")"));
    EXPECT_COMPLAINT("unknown attr \"knd\"; did you mean \"kind\"?", complaint_in_module(R"("was": {"knd": "a"})"));
    EXPECT_COMPLAINT("must be a text", complaint_in_module(R"("was": {"kind": ["a"]})"));
    EXPECT_COMPLAINT("\"_id\" names none", complaint_in_module(R"("was": {"kind": "_id"})"));
}

TEST(Manifest, RefusesWrongExtns) {
    EXPECT_COMPLAINT("unknown attr \"cta\"", complaint_in_module(R"("extns": {"cta": ["c", ["*"]]})"));
    EXPECT_COMPLAINT("needs an attr of type \"id\"", complaint_in_module(R"("extns": {"title": ["c", ["*"]]})"));
    EXPECT_COMPLAINT("an extn is written", complaint_in_module(R"("extns": {"cat": ["c"]})"));
    EXPECT_COMPLAINT("an extn is written", complaint_in_module(R"("extns": {"cat": ["c", ["*"], true, 1]})"));
    EXPECT_COMPLAINT("must show some attrs", complaint_in_module(R"("extns": {"cat": ["c", []]})"));
    EXPECT_COMPLAINT("must be true or false", complaint_in_module(R"("extns": {"cat": ["c", ["*"], 1]})"));
    EXPECT_COMPLAINT(
        "unknown key \"deeep\"; did you mean \"deep\"?",
        complaint_in_module(R"("extns": {"cat": {"module": "c", "deeep": true}})")
    );
    EXPECT_COMPLAINT("needs \"module\"", complaint_in_module(R"("extns": {"cat": {}})"));
    EXPECT_COMPLAINT("unknown variable", complaint_in_module(R"("extns": {"cat": ["$__user", ["*"]]})"));
    EXPECT_COMPLAINT("unknown attr \"knd\"", complaint_in_module(R"("extns": {"cat": ["$__doc.knd", ["*"]]})"));
    EXPECT_EQ(complaint_in_module(R"("extns": {"cat": ["$__doc.kind", ["*"]]})"), "none");
}

TEST(Manifest, RefusesWrongMethods) {
    const auto complaint_in_read = [](const std::string& members) {
        return complaint_in_module("\"methods\": {\"read\": {" + members + "}}");
    };
    EXPECT_COMPLAINT("needs a package in C++", complaint_in_module(R"("methods": {"publish": {"permissions": []}})"));
    EXPECT_COMPLAINT(
        "only \"read\" may be a GET method",
        complaint_in_module(R"("methods": {"delete": {"permissions": [], "get_method": true}})")
    );
    EXPECT_COMPLAINT(
        "unknown privilege \"raed\"; did you mean \"read\"?", complaint_in_read(R"("permissions": [["raed"]])")
    );
    EXPECT_COMPLAINT("unknown privilege \"raed\"", complaint_in_read(R"("permissions": [["__NOT:raed"]])"));
    EXPECT_COMPLAINT("module.privilege", complaint_in_read(R"("permissions": [["a."]])"));
    EXPECT_COMPLAINT("a permission is written", complaint_in_read(R"("permissions": [[]])"));
    EXPECT_COMPLAINT("a permission is written", complaint_in_read(R"("permissions": [["*", {}, {}, {}]])"));
    EXPECT_COMPLAINT("must be an object, not a text", complaint_in_read(R"("permissions": ["*"])"));
    EXPECT_COMPLAINT("unknown attr \"titel\"", complaint_in_read(R"("permissions": [["*", {}, {"titel": 1}]])"));
    EXPECT_COMPLAINT(
        "unknown attr \"titel\"", complaint_in_read(R"("permissions": [{"privilege": "*", "hide": ["titel"]}])")
    );
    EXPECT_COMPLAINT("needs \"privilege\"", complaint_in_read(R"("permissions": [{"query": {}}])"));
    EXPECT_COMPLAINT(
        "unknown key \"hied\"; did you mean \"hide\"?",
        complaint_in_read(R"("permissions": [{"privilege": "*", "hied": []}])")
    );
    EXPECT_COMPLAINT("an argument is written", complaint_in_read(R"("permissions": [], "query_args": ["?x"])"));
    EXPECT_COMPLAINT("an argument is written", complaint_in_read(R"("permissions": [], "query_args": ["!"])"));
    EXPECT_COMPLAINT(
        "unknown attr \"titel\"; did you mean \"title\"?",
        complaint_in_read(R"("permissions": [], "query_args": ["!titel"])")
    );
    EXPECT_COMPLAINT(
        "has its type already", complaint_in_read(R"("permissions": [], "query_args": [{"!title": "str"}])")
    );
    EXPECT_COMPLAINT("must be a type", complaint_in_read(R"("permissions": [], "query_args": [{"!code": "strr"}])"));
}

TEST(Manifest, ComplainsAboutTextThatIsNoJson) {
    EXPECT_COMPLAINT("2: not JSON", complaint("{\n\"modules\": {},}"));
    EXPECT_COMPLAINT("3: not JSON: Duplicate key", complaint("{\n\"docs\": [],\n\"docs\": []}"));
}

TEST(Manifest, AsksForAProperFolder) {
    const Folder folder;
    EXPECT_THROW(read_manifest(folder.write("Shop", "{}"), {}), ManifestError);
    EXPECT_THROW(read_manifest(folder.write("core", "{}"), {}), ManifestError);
    EXPECT_THROW(read_manifest(folder.path() / "nobody" / "limp.json", {}), ManifestError);
    EXPECT_EQ(read_manifest(folder.write("limp-sample-app", "{}"), {}).package.name, "limp-sample-app");
}

TEST(FindManifests, GivesFoldersWithAManifestByName) {
    const Folder folder;
    const fs::path shop = folder.write("shop", "{}");
    const fs::path blog = folder.write("blog", "{}");
    fs::create_directories(folder.path() / "empty");
    std::ofstream(folder.path() / "limp.json") << "{}";
    EXPECT_EQ(find_manifests(folder.path()), (std::vector{blog, shop}));
    EXPECT_EQ(find_manifests(folder.path(), {"core", "shop"}), std::vector{shop});
}

TEST(FindManifests, SaysWhatIsNotThere) {
    const Folder folder;
    folder.write("blog", "{}");
    const auto complaint_about = [](const fs::path& path, const std::vector<std::string>& only) -> std::string {
        try {
            find_manifests(path, only);
        } catch (const ManifestError& error) {
            return error.what();
        }
        return "none";
    };
    EXPECT_COMPLAINT("No such file or directory", complaint_about(folder.path() / "nobody", {}));
    EXPECT_COMPLAINT("Not a directory", complaint_about(folder.path() / "blog" / "limp.json", {}));
    EXPECT_COMPLAINT("no package \"blgo\"", complaint_about(folder.path(), {"blgo"}));
    EXPECT_COMPLAINT("there are: blog", complaint_about(folder.path(), {"blgo"}));
}

}  // namespace
}  // namespace limp::package
