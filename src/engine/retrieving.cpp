// Operations: retrieve, the bytes of one file of a document.
#include <algorithm>
#include <optional>
#include <utility>

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "engine/inert_image.hpp"
#include "engine/operations.hpp"
#include "types/types.hpp"

namespace limp::engine {

namespace {

// "photo", "papers;terms.pdf", "page.photo"
struct Wanted {
    std::vector<std::string> path;
    std::string name;  // empty: the first one
};

Wanted wanted(const std::string& var) {
    const std::size_t semicolon = var.find(';');
    Wanted wanted{base::split(var.substr(0, semicolon), '.'), {}};
    if (semicolon != var.npos) wanted.name = var.substr(semicolon + 1);
    return wanted;
}

// Whether values of the type may be objects of the client's making, and so look like a file that they are not.
bool takes_free_objects(const Type& type) {
    switch (type.kind) {
        case Type::Kind::any:
        case Type::Kind::attrs:
        case Type::Kind::dict:
        case Type::Kind::object:
        case Type::Kind::privileges:
            return true;
        case Type::Kind::list:
        case Type::Kind::any_of:
            return std::ranges::any_of(type.element, takes_free_objects);
        default:
            return false;
    }
}

// Whether the path leads to an attr, or a place inside one, that holds a file or a list of files.
bool leads_to_files(const Attr& attr, const std::vector<std::string>& path, const types::Context& context) {
    std::optional<Type> type = attr.type;
    for (std::size_t at = 1; type && at < path.size(); ++at) type = types::child(*type, path[at], context);
    return type && types::holds_files(*type) && !takes_free_objects(*type);
}

bool is_file(const Value& value) {
    const Value* id = value.find("__file");
    return id && id->is_string();
}

// The file itself, or that one of a list; nullptr when there is none.
const Value* find_file(const Value& value, const std::string& name) {
    if (is_file(value)) {
        const Value* own = value.find("name");
        return name.empty() || (own && *own == Value(name)) ? &value : nullptr;
    }
    if (!value.is_list()) return nullptr;
    for (const Value& element : value.list())
        if (const Value* found = find_file(element, name)) return found;
    return nullptr;
}

const Value* find_file(const Document& document, const Wanted& wanted) {
    const Value* value = document.find(wanted.path.front());
    for (std::size_t at = 1; value && at < wanted.path.size(); ++at) value = value->find(wanted.path[at]);
    return value ? find_file(*value, wanted.name) : nullptr;
}

// The size that is asked for; nullptr: the file as it is. Throws Refusal.
const Value* thumbnail_size(const Event& event, const Limits& limits, const std::string& code) {
    const Value* size = event.query_args.find("thumb");
    if (!size || std::ranges::find(limits.thumbnails, size->string()) != limits.thumbnails.end()) return size;
    const std::string known =
        limits.thumbnails.empty() ? "and there are none here" : base::join(limits.thumbnails, ", ");
    throw Refusal(
        400, code + "_INVALID_ATTR", "Argument \"thumb\" must be one of the sizes of this server: " + known + "."
    );
}

Refusal no_image() {
    return {400, "CORE_FILE_NO_IMAGE", "The file is no image, so it cannot be made smaller."};
}

Refusal no_such_file() {
    return {404, "CORE_REQ_NOT_FOUND", "There is no such document, or it has no such file."};
}

}  // namespace

Task<Answer> Operations::retrieve(const Work& work, Event& event) const {
    const Module& module = work.module.module;
    const Wanted file = wanted(event.query_args.find("var")->string());
    const Value* thumbnail = thumbnail_size(event, limits_, work.module.code);
    const Attr* attr = module.attr(file.path.front());
    const bool is_hidden = std::ranges::find(work.hidden, file.path.front()) != work.hidden.end();
    const types::Context context{.locales = settings_.locales, .locale = settings_.locale, .keep_bytes = {}};
    if (!attr || is_hidden || !leads_to_files(*attr, file.path, context)) {
        throw Refusal(
            400, work.module.code + "_INVALID_ATTR",
            "Argument \"var\" must name an attr that holds files, or one of several files as in \"papers;terms.pdf\"."
        );
    }
    Query query = std::move(event.query);
    query.limit = 1;
    Found found = co_await store_.read(module.collection, std::move(query));
    const Value* stored = found.docs.empty() ? nullptr : find_file(found.docs.front(), file);
    if (!stored) throw no_such_file();
    std::string id = stored->find("__file")->string();
    std::optional<Bytes> bytes = co_await store_.file(id);
    if (!bytes) throw no_such_file();
    if (thumbnail) {
        bytes = co_await shrink(id, std::move(*bytes), thumbnail->string());
        id += '/' + thumbnail->string();
    }

    // Whoever sent the file said its type: only what shows itself to be a harmless image is one that is shown.
    const auto image = inert_image(bytes->begin(inert_image_head));
    const Value* name = stored->find("name");
    const Value* type = stored->find("type");
    Answer answer;
    answer.status = 291;
    answer.args.append("name", name ? *name : Value(attr->name));
    answer.args.append("type", image ? Value(*image) : type ? *type : Value(""));
    answer.args.append("attachment", !image);
    answer.args.append("etag", base::sha256_hex(id).substr(0, 32));  // other bytes have another id
    answer.bytes = std::move(*bytes);
    co_return answer;
}

// What does not look like an image is spared the way through the program that takes images apart.
Task<Bytes> Operations::shrink(const std::string& id, Bytes image, const std::string& size) const {
    if (!inert_image(image.begin(inert_image_head))) throw no_image();
    if (!shrink_) throw Refusal(503, "CORE_SERVER_UNAVAILABLE", "This server makes no image smaller.");
    co_return co_await shrink_(id, std::move(image), size);
}

}  // namespace limp::engine
