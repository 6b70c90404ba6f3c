#include "core/core.hpp"
#include "limp/declare.hpp"

namespace limp::core {

using namespace declare;

Module setting() {
    const Value own = Object{{"type", "user"}, {"user", "$__user"}};
    Module module;
    module.name = "setting";
    module.collection = "settings";
    module.attrs = {
        required("var", Type::Kind::str),
        required("val", Type::Kind::any),
        required("type", Type::one_of({"global", "user"})),
        optional("user", Type::Kind::id),
    };
    module.extns = {{"user", "user", {"name", "email"}, false}};
    module.methods = {
        read({allow("admin"), allow("read", Object{{"user", "$__user"}})}),
        create({allow("admin"), allow("create", Object{}, {{"type", "user"}})}),
        update({allow("admin"), allow("update", own, {{"type", nullptr}})}, needed("var", Type::Kind::str)),
        remove({allow("admin"), allow("delete", own)}, needed("var", Type::Kind::str)),
    };
    return module;
}

}  // namespace limp::core
