#include "tests/calls/files.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

namespace limp::calls {

namespace fs = std::filesystem;

fs::path source_root() {
    return LIMP_TEST_ROOT;
}

fs::path calls_folder() {
    return source_root() / "tests" / "calls";
}

std::vector<std::string> transcripts() {
    std::vector<std::string> found;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(calls_folder()))
        if (entry.path().extension() == ".call") found.push_back(fs::relative(entry.path(), calls_folder()).string());
    std::ranges::sort(found);
    return found;
}

std::string contents(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string test_name(std::string text) {
    std::ranges::replace_if(text, [](unsigned char c) { return !std::isalnum(c); }, '_');
    return text;
}

}  // namespace limp::calls
