// The templates of LIMP: what most apps publish, ready to be made a module of ("template": "content").
#include <cctype>

#include "core/core.hpp"
#include "limp/declare.hpp"

namespace limp::core {

using namespace declare;

namespace {

// "Hello, big  world!" → "Hello-big-world". Letters of all scripts stay; ASCII punctuation but "_" and "-" goes.
std::string permalink_of(std::string_view title) {
    std::string link;
    for (const char byte : title) {
        const auto code = static_cast<unsigned char>(byte);
        if (std::isspace(code)) {
            if (!link.empty() && link.back() != '-') link += '-';
        } else if (code >= 0x80 || std::isalnum(code) || byte == '_' || byte == '-') {
            link += byte;
        }
    }
    return link;
}

Task<> fill_content(Event& event) {
    const std::string& locale = event.host.settings().locale;
    if (!event.doc.contains("subtitle")) {
        Object empty;
        for (const std::string& one : event.host.settings().locales) empty.append(one, "");
        event.doc["subtitle"] = std::move(empty);
    }
    const Value* title = event.doc.find("title");
    if (title && !event.doc.contains("permalink")) event.doc["permalink"] = permalink_of(title->find(locale)->string());
    co_return;
}

}  // namespace

Module content() {
    using Kind = Type::Kind;
    const Value own = Object{{"user", "$__user"}};
    // Readers see what has not expired, or is their own; and what its access attr grants them.
    const Value readable = List{
        Object{
            {"__or", List{Object{{"expiry_time", Object{{"$gt", "$__time"}}}}, Object{{"expiry_time", nullptr}}, own}}
        },
        Object{{"access", "$__access"}},
    };
    Module module;
    module.name = "content";
    module.package = "core";
    module.attrs = {
        required("user", Kind::id),
        required("status", Type::one_of({"scheduled", "draft", "pending", "rejected", "published"})),
        required("title", Kind::locale),
        required("subtitle", Kind::locale),
        required("content", Kind::locale),
        required("permalink", Kind::str),
        defaulted("tags", Type::list_of(Type::of(Kind::str)), List{}),
        required("cat", Kind::id),
        required("access", Kind::access),
        required("create_time", Kind::time),
        required("expiry_time", Kind::time),
        required("diff", Kind::diff),
    };
    module.methods = {
        read({allow("read"), allow("__NOT:read", readable)}),
        create({allow("admin"), allow("create")}),
        update({allow("admin"), allow("update", own)}, needed("_id", Kind::id)),
        remove({allow("admin"), allow("delete", own)}, needed("_id", Kind::id)),
    };
    module.before(Operation::create, fill_content);
    return module;
}

Module content_cat() {
    using Kind = Type::Kind;
    const Value own = Object{{"user", "$__user"}};
    Module module;
    module.name = "content_cat";
    module.package = "core";
    module.attrs = {
        required("user", Kind::id),
        required("title", Kind::locale),
        required("desc", Kind::locale),
    };
    module.methods = {
        read({allow("*")}),
        create({allow("create")}),
        update({allow("update"), allow("__NOT:update", own)}, needed("_id", Kind::id)),
        remove({allow("delete"), allow("__NOT:delete", own)}, needed("_id", Kind::id)),
    };
    return module;
}

}  // namespace limp::core
