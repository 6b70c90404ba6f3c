#include "engine/uploads.hpp"

#include <utility>

#include "base/base64.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "types/types.hpp"

namespace limp::engine {

namespace {

// What keeping any file takes, roughly: many small ones must not cost more than they count.
constexpr std::int64_t bytes_beside_least = 1024;

Refusal invalid(const std::string& attr, const std::string& why) {
    return {400, "CORE_FILE_INVALID_PIECE", "The piece of " + base::in_quotes(attr) + ' ' + why + '.'};
}

std::int64_t size_of(const FilePiece& piece) {
    const Value* size = piece.file.find("size");
    if (!size || !size->is_int() || size->integer() < 0)
        throw invalid(piece.attr, "must have the file's size in bytes");
    return size->integer();
}

std::string bytes_of(const FilePiece& piece) {
    const Value* content = piece.file.find("content");
    if (!content) throw invalid(piece.attr, "has no content");
    try {
        return types::read_content(*content);
    } catch (const types::TypeError& error) {
        throw invalid(piece.attr, "has a content that " + std::string(error.what()));
    }
}

}  // namespace

void Uploads::add(FilePiece piece) {
    const Key key{piece.attr, {piece.index.size(), piece.index}};
    const auto known = files_.find(key);
    const bool goes_on = known != files_.end() && piece.number == known->second.last + 1 &&
                         piece.pieces == known->second.pieces && size_of(piece) == known->second.size;
    if (!goes_on) {
        if (known != files_.end()) drop(known);
        if (piece.number != 1) throw invalid(piece.attr, "is not the next one of its file: begin again with piece 1");
    }
    File& file = goes_on ? known->second : begin(key, piece);
    try {
        const std::string bytes = bytes_of(piece);
        if (std::ssize(file.bytes) + std::ssize(bytes) > file.size)
            throw invalid(piece.attr, "has more bytes than its file's size leaves");
        file.bytes += bytes;
        file.last = piece.number;
    } catch (...) {
        drop(files_.find(key));
        throw;
    }
}

Uploads::File& Uploads::begin(const Key& key, const FilePiece& piece) {
    const std::int64_t size = size_of(piece);
    if (piece.pieces < 1 || piece.pieces > size) throw invalid(piece.attr, "has a total that its size does not allow");
    Object head = piece.file;
    head.erase("content");
    const std::int64_t beside =
        bytes_beside_least + std::ssize(base::to_json(head)) + std::ssize(piece.attr) + std::ssize(piece.index);
    const std::int64_t room = take_room(size, beside);
    File& file = files_[key];
    file.head = std::move(head);
    file.size = size;
    file.room = room;
    file.pieces = piece.pieces;
    file.bytes.reserve(static_cast<std::size_t>(size));
    return file;
}

// For all of the file at once, so that one which does not fit is refused with its first piece.
std::int64_t Uploads::take_room(std::int64_t size, std::int64_t beside) {
    if (size > own_max_ - own_ - beside) {
        throw Refusal(
            413, "CORE_FILE_TOO_LARGE",
            "Files in pieces that wait for their call may have " + std::to_string(own_max_) + " bytes together."
        );
    }
    const std::int64_t room = size + beside;
    if (all_->fetch_add(room) > all_max_ - room) {
        all_->fetch_sub(room);
        throw Refusal(503, "CORE_SERVER_BUSY", "Too many files are being sent at the moment. Try again.");
    }
    own_ += room;
    return room;
}

void Uploads::drop(Files::iterator file) {
    own_ -= file->second.room;
    all_->fetch_sub(file->second.room);
    files_.erase(file);
}

void Uploads::clear() {
    while (!files_.empty()) drop(files_.begin());
}

void Uploads::put_into(Document& doc, const Module& module) {
    for (const Attr& attr : module.attrs) {
        if (files_.empty() || !doc.contains(attr.name) || !types::holds_files(attr.type)) continue;
        List files;
        auto at = files_.lower_bound({attr.name, {}});
        while (at != files_.end() && at->first.first == attr.name) {
            File& file = at->second;
            if (file.last < file.pieces) {
                throw Refusal(
                    400, "CORE_FILE_INCOMPLETE",
                    "Of a file of " + base::in_quotes(attr.name) + ' ' + std::to_string(file.last) + " of " +
                        std::to_string(file.pieces) + " pieces have come: send the others, then this call again."
                );
            }
            file.head.append("content", base::to_base64(file.bytes));
            files.emplace_back(std::move(file.head));
            drop(at++);
        }
        if (!files.empty()) doc[attr.name] = std::move(files);
    }
}

}  // namespace limp::engine
