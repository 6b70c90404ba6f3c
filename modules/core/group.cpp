#include "core/core.hpp"
#include "limp/declare.hpp"

namespace limp::core {

using namespace declare;

Module group() {
    const Value own = Object{{"user", "$__user"}};
    Module module;
    module.name = "group";
    module.collection = "groups";
    module.attrs = {
        required("user", Type::Kind::id),
        required("name", Type::Kind::locale),
        optional("bio", Type::Kind::locale),
        defaulted("privileges", Type::of(Type::Kind::privileges), Object{}),
        defaulted("attrs", Type::of(Type::Kind::attrs), Object{}),
    };
    module.methods = {
        read({allow("read")}),
        create({allow("create")}),
        update({allow("update"), allow("__NOT:update", own, {{"privileges", nullptr}})}, needed("_id", Type::Kind::id)),
        remove({allow("delete"), allow("__NOT:delete", own)}, needed("_id", Type::Kind::id)),
    };
    return module;
}

}  // namespace limp::core
