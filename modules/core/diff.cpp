#include "core/core.hpp"
#include "limp/declare.hpp"

namespace limp::core {

using namespace declare;

// What updates changed of documents whose modules keep their history. The store writes it: no method does.
Module diff() {
    Module module;
    module.name = "diff";
    module.collection = "diffs";
    module.attrs = {
        required("module", Type::Kind::str), required("doc", Type::Kind::id),    required("rev", Type::Kind::integer),
        required("user", Type::Kind::id),    required("time", Type::Kind::time), required("vars", Type::Kind::attrs),
        required("to", Type::Kind::attrs),
    };
    module.extns = {{"user", "user", {"username", "name"}, false}};
    module.methods = {read({allow("read"), allow("admin")})};
    module.privileges = {"read", "admin"};
    module.indexes = {{"doc", "time"}};
    return module;
}

}  // namespace limp::core
