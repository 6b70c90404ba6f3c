#include "page/page.hpp"

#include <algorithm>

namespace limp::page {

const File* find(std::span<const File> files, std::string_view path) {
    const auto found = std::ranges::find(files, path, &File::path);
    return found == files.end() ? nullptr : &*found;
}

bool is_for_ever(const File& file) {
    return file.path.starts_with("assets/");
}

}  // namespace limp::page
