// Any text as limp.json.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "fuzz/must.hpp"
#include "package/manifest.hpp"

namespace limp::package {
namespace {

using fuzz::must;
namespace fs = std::filesystem;

// The folder of one package, gone when the fuzzer is.
class Folder {
public:
    Folder() : path_(fs::temp_directory_path() / ("limp_manifest_fuzz_" + std::to_string(getpid())) / "shop") {
        fs::create_directories(path_);
    }
    ~Folder() { fs::remove_all(path_.parent_path()); }

    fs::path write(std::string_view text) const {
        std::ofstream(path_ / "limp.json", std::ios::binary) << text;
        return path_ / "limp.json";
    }

private:
    fs::path path_;
};

std::optional<Value> plain_json(std::string_view text) {
    try {
        return base::parse_json(text);
    } catch (const base::JsonError&) {
        return std::nullopt;
    }
}

// JSON without comments is read as it is everywhere else.
void check_source(std::string_view text) {
    const auto plain = plain_json(text);
    try {
        const Node source = parse_located_json(text);
        must(!plain || source.value() == *plain, "JSON means the same with line numbers");
        must(source.line >= 1, "lines are counted from 1");
    } catch (const LocatedJsonError& error) {
        must(!plain, "what is JSON can be read with line numbers");
        must(error.line >= 1, "lines are counted from 1");
    }
}

void check_manifest(const fs::path& file) {
    try {
        const Manifest manifest = read_manifest(file, {});
        for (const Module& module : manifest.package.modules)
            must(manifest.line_of(module.name) >= 1, "a module has a line");
    } catch (const ManifestError& error) {
        must(std::string_view(error.what()).starts_with(file.string() + ':'), "a complaint says where");
    }
}

}  // namespace
}  // namespace limp::package

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const limp::package::Folder folder;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    limp::package::check_source(text);
    limp::package::check_manifest(folder.write(text));
    return 0;
}
