#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "base/time.hpp"
#include "types/converters.hpp"
#include "types/wording.hpp"

namespace limp::types {

namespace {

constexpr std::array<std::string_view, 5> members = {"name", "type", "size", "lastModified", "content"};

void check_members(const Object& file) {
    for (const Member& member : file)
        if (std::ranges::find(members, member.name) == members.end() && member.name != "__file")
            throw TypeError(
                "", "must hold name, type, size, lastModified and content, and not " + base::in_quotes(member.name)
            );
    if (!file.contains("content"))
        throw TypeError("", "must come with its bytes: send content (a stored file cannot be named by __file yet)");
    if (file.contains("__file")) throw TypeError("", "must come with content or __file, not with both; send content");
}

const Value& member_of(const Object& file, std::string_view name) {
    const Value* found = file.find(name);
    if (!found) throw TypeError("", "must hold " + base::in_quotes(name));
    return *found;
}

// Names and media types end up in headers of answers.
bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

Value read_name(const Value& value) {
    if (!value.is_string() || value.string().empty() || has_control(value.string()))
        throw TypeError("", "must be a file name, without control characters");
    return value;
}

Value read_media_type(const Value& value) {
    static const re2::RE2 pattern(R"((?:[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:;[ -~]*)?)?)");
    if (!value.is_string() || !re2::RE2::FullMatch(value.string(), pattern))
        throw TypeError("", "must be a media type like \"image/png\", or \"\" when it is not known");
    return value;
}

// Browsers say it in whole milliseconds, some of them with a fraction.
Value read_last_modified(const Value& value) {
    constexpr double most = 253'402'300'799'999;  // the end of the year 9999
    if (!value.is_number() || !(value.number() >= 0 && value.number() <= most))
        throw not_that("must be milliseconds since 1970", value);
    return value.is_int() ? value.integer() : static_cast<std::int64_t>(value.real());
}

void check_size(const Value& size, const std::string& bytes) {
    if (size == Value(bytes.size())) return;
    throw TypeError(".size", "must be the number of bytes in content, which is " + std::to_string(bytes.size()));
}

const Value& with_stored_bytes(const Value& stored) {
    const Value* id = stored.find("__file");
    if (!id || !id->is_string()) throw not_that("must be a file that was uploaded", stored);
    return stored;
}

const Value& stored_file(const Value& stored) {
    with_stored_bytes(stored);
    for (const std::string_view member : {"name", "type", "size", "lastModified"}) member_of(stored.object(), member);
    return stored;
}

}  // namespace

Value convert_file(const Value& value, const Context& context) {
    if (context.is_stored) return stored_file(value);
    const bool wrapped = value.is_list() && value.list().size() == 1;
    const Value& sent = wrapped ? value.list().front() : value;
    if (!sent.is_object())
        throw not_that("must be a file: an object of name, type, size, lastModified and content", sent);
    const Object& file = sent.object();
    check_members(file);

    Object stored;
    stored.append("name", inside(".name", [&] { return read_name(member_of(file, "name")); }));
    stored.append("type", inside(".type", [&] { return read_media_type(member_of(file, "type")); }));
    std::string bytes = inside(".content", [&] { return read_content(member_of(file, "content")); });
    check_size(member_of(file, "size"), bytes);
    stored.append("size", bytes.size());
    const Value& modified = member_of(file, "lastModified");
    stored.append("lastModified", inside(".lastModified", [&] { return read_last_modified(modified); }));
    stored.append("__file", context.keep_bytes(std::move(bytes)));
    return stored;
}

Value convert_bin(const Value& value, const Context& context) {
    if (context.is_stored) return with_stored_bytes(value);
    std::string bytes = read_content(value);
    const std::size_t size = bytes.size();
    return Object{{"__file", context.keep_bytes(std::move(bytes))}, {"size", size}};
}

}  // namespace limp::types
