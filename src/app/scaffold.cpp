#include "app/scaffold.hpp"

#include <algorithm>
#include <fstream>
#include <string_view>
#include <system_error>

#include "app/options.hpp"
#include "app/scaffold_text.hpp"
#include "base/text.hpp"
#include "core/core.hpp"
#include "package/names.hpp"

namespace limp::app {

namespace fs = std::filesystem;

namespace {

void check_name(const std::string& name) {
    if (!package::is_lower_name(name))
        throw UsageError(
            "a package is called by a lower-case letter, then lower-case letters, digits and \"_\", not " +
            base::in_quotes(name)
        );
    const Package core = core::make({});
    const std::vector<std::string> taken = package::names_of(core.modules);
    if (name == core.name || std::ranges::find(taken, name) != taken.end())
        throw UsageError(base::in_quotes(name) + " is core's; choose another name");
}

void replace(std::string& text, std::string_view placeholder, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(placeholder, at)) != std::string::npos; at += by.size())
        text.replace(at, placeholder.size(), by);
}

void write(const fs::path& file, std::string text, const std::string& name) {
    replace(text, "NAME", name);
    replace(text, "CODE", base::to_upper(name));
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    if (!stream.flush()) throw UsageError(file.string() + " cannot be written");
}

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw UsageError(folder.string() + ": " + error.message());
}

}  // namespace

std::vector<fs::path> make_package(const fs::path& modules, const std::string& name, bool with_cpp) {
    check_name(name);
    const fs::path folder = modules / name;
    if (std::error_code none_there; fs::exists(fs::symlink_status(folder, none_there)))
        throw UsageError(folder.string() + " exists already; nothing was changed");
    make_folder(folder / "tests");
    std::vector<fs::path> files = {folder / "limp.json", folder / "tests" / (name + ".call")};
    write(files[0], std::string(manifest_text), name);
    write(files[1], std::string(transcript_text) + std::string(with_cpp ? source_transcript_text : ""), name);
    if (with_cpp) {
        files.push_back(folder / (name + ".cpp"));
        write(files.back(), std::string(source_text), name);
    }
    return files;
}

}  // namespace limp::app
