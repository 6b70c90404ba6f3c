#include "package/manifest.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "base/id.hpp"
#include "base/text.hpp"
#include "package/module_reader.hpp"
#include "package/names.hpp"

namespace limp::package {

namespace {

constexpr std::string_view manifest_name = "limp.json";

std::string package_name(const std::filesystem::path& file) {
    const std::string name = std::filesystem::absolute(file).lexically_normal().parent_path().filename().string();
    if (!is_lower_name(name, "-"))
        throw ManifestError(
            file.string() + ": the package has the name of its folder, which must be lower-case letters, digits, _ " +
            "and -, beginning with a letter, not " + in_quotes(name)
        );
    if (name == "core") throw ManifestError(file.string() + ": the package \"core\" is limpd's own; rename the folder");
    return name;
}

std::string read_text(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(in), {});
    if (!in) throw ManifestError(file.string() + ": cannot be read");
    return text;
}

Node read_source(const std::filesystem::path& file) {
    try {
        return parse_located_json(read_text(file));
    } catch (const LocatedJsonError& error) {
        throw ManifestError(file.string() + ':' + std::to_string(error.line) + ": " + error.what());
    }
}

std::vector<ConfigEntry> read_config(const Place& place) {
    std::vector<ConfigEntry> entries;
    for (const Place& entry : place.members()) entries.push_back({entry.name(), entry.value(), entry.line()});
    return entries;
}

EnsuredDocument read_document(const Place& place) {
    place.allow_only({"module", "doc"});
    EnsuredDocument document;
    document.module = place.at("module").lower_name();
    document.doc = place.at("doc").object();
    const Place id = place.at("doc").at("_id");
    if (!base::is_id(id.text())) id.fail("\"_id\" must be 24 hex digits, not " + in_quotes(id.text()));
    document.doc["_id"] = base::to_lower(id.text());
    return document;
}

std::vector<Module> templates_of(const Place& root, const std::string& package) {
    std::vector<Module> templates;
    if (root.has("templates"))
        for (const Place& one : root.at("templates").members()) templates.push_back(read_template(one, package));
    return templates;
}

}  // namespace

int Manifest::line_of(std::string_view path) const {
    if (path.starts_with("docs[")) return nearest_place(source, path).line;
    const Node* modules = source.find("modules");
    return modules ? nearest_place(*modules, path).line : source.line;
}

std::vector<std::filesystem::path> find_manifests(
    const std::filesystem::path& modules, const std::vector<std::string>& only
) {
    std::error_code error;
    std::vector<std::filesystem::path> files;
    std::vector<std::string> names;
    for (const auto& folder : std::filesystem::directory_iterator(modules, error)) {
        std::error_code none_there;
        if (!std::filesystem::exists(folder.path() / manifest_name, none_there)) continue;
        names.push_back(folder.path().filename().string());
        if (only.empty() || std::ranges::find(only, names.back()) != only.end())
            files.push_back(folder.path() / manifest_name);
    }
    if (error) throw ManifestError("the folder of packages " + in_quotes(modules.string()) + ": " + error.message());

    std::ranges::sort(names);
    for (const std::string& name : only) {
        if (name == "core" || std::ranges::find(names, name) != names.end()) continue;
        throw ManifestError(
            "no package " + in_quotes(name) + " in " + in_quotes(modules.string()) +
            (names.empty() ? "; no folder there has a limp.json" : "; there are: " + base::join(names, ", "))
        );
    }
    std::ranges::sort(files);
    return files;
}

std::map<std::string, Module> read_templates(
    const std::vector<std::filesystem::path>& files, std::map<std::string, Module> known
) {
    for (const std::filesystem::path& path : files) {
        const std::string file = path.string();
        const Node source = read_source(path);
        for (Module& one : templates_of(Place(file, source, "a manifest"), package_name(path))) {
            const auto [place, is_new] = known.try_emplace(one.name, one);
            if (is_new) continue;
            throw ManifestError(
                file + ':' + std::to_string(nearest_place(source, "templates." + one.name).line) + ": the template " +
                in_quotes(one.name) + " exists already, in the package " + in_quotes(place->second.package) +
                "; names of templates are unique among all packages"
            );
        }
    }
    return known;
}

Manifest read_manifest(const std::filesystem::path& file, const std::map<std::string, Module>& templates) {
    Manifest manifest;
    manifest.file = file.string();
    manifest.package.name = package_name(file);
    manifest.source = read_source(file);

    const Place root(manifest.file, manifest.source, "a manifest");
    root.allow_only({"$schema", "config", "envs", "docs", "templates", "modules"});
    if (root.has("$schema")) root.at("$schema").text();
    if (root.has("config")) manifest.config = read_config(root.at("config"));
    if (root.has("envs"))
        for (const Place& env : root.at("envs").members()) manifest.envs[env.name()] = read_config(env);
    if (root.has("docs"))
        for (const Place& document : root.at("docs").elements())
            manifest.package.documents.push_back(read_document(document));
    manifest.package.templates = templates_of(root, manifest.package.name);
    if (root.has("modules"))
        for (const Place& module : root.at("modules").members())
            manifest.package.modules.push_back(read_module(module, manifest.package.name, templates));
    return manifest;
}

}  // namespace limp::package
