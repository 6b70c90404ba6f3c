#include "store/file_uses.hpp"

namespace limp::store {

namespace {

void collect(const Value& value, std::set<std::string>& files) {
    if (value.is_list()) {
        for (const Value& element : value.list()) collect(element, files);
    } else if (value.is_object()) {
        for (const auto& [name, member] : value.object()) {
            if (name == "__file" && member.is_string())
                files.insert(member.string());
            else
                collect(member, files);
        }
    }
}

}  // namespace

std::set<std::string> files_in(const Document& document, const std::vector<std::string>& attrs) {
    std::set<std::string> files;
    for (const std::string& attr : attrs)
        if (const Value* value = document.find(attr)) collect(*value, files);
    return files;
}

std::set<std::string> files_in(const Document& document) {
    std::set<std::string> files;
    for (const auto& [attr, value] : document) collect(value, files);
    return files;
}

void FileUses::add(const std::set<std::string>& files) {
    for (const std::string& file : files) ++counts_[file];
}

void FileUses::remove(const std::set<std::string>& files) {
    for (const std::string& file : files) --counts_[file];
}

void FileUses::exchange(const std::set<std::string>& before, const std::set<std::string>& after) {
    if (before == after) return;
    remove(before);
    add(after);
}

}  // namespace limp::store
