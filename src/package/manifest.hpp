// package/manifest.hpp: limp.json, the description of a package, into the structures that limpd works with.
//
// Checked here    the shape: JSON kinds, keys, names, types, and what one module says about itself (an extn's attr, a
//                 method's arguments, a permission's privilege). Nothing in a manifest is ignored.
// Checked later   what goes across modules (does the extn's module exist, do a permission's queries parse), by the
//                 engine, which reports it through line_of(); and the configuration's keys, by src/app/config.cpp.
// Source          docs/manifest.md explains each key; schema/limp.schema.json says the same to editors.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "limp/package.hpp"
#include "package/located_json.hpp"
#include "package/place.hpp"

namespace limp::package {

struct ConfigEntry {
    std::string key;
    Value value;
    int line;
};

struct Manifest {
    std::string file;  // as it was given to read_manifest
    limp::Package package;
    std::vector<ConfigEntry> config;
    std::map<std::string, std::vector<ConfigEntry>> envs;
    Node source;  // the whole file

    // The line of a place in a module or in the documents, or of the nearest one around it that the file has:
    // "blog.methods.read.permissions[0]", "blog.extns.cat", "docs[0]".
    int line_of(std::string_view path) const;
};

// The folders in `modules` that hold a limp.json, as paths of those files, by name; with `only`, just the packages of
// these names. Throws ManifestError when `modules` is no folder that can be read, or a package of `only` is not there.
std::vector<std::filesystem::path> find_manifests(
    const std::filesystem::path& modules, const std::vector<std::string>& only = {}
);

// The templates that these manifests declare, by name, and those that are there already, `known`. Any of the manifests
// may use any of them. Throws ManifestError, also when two have one name.
std::map<std::string, Module> read_templates(
    const std::vector<std::filesystem::path>& files, std::map<std::string, Module> known
);

// The manifest in that file; the package has the name of its folder. `templates`: what "template" may name, its own
// templates among them. Throws ManifestError.
Manifest read_manifest(const std::filesystem::path& file, const std::map<std::string, Module>& templates);

}  // namespace limp::package
