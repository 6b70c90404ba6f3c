// Files that are too large for one message, in pieces, ahead of the call whose doc they belong to (docs/protocol.md).
#include "core/core.hpp"
#include "limp/declare.hpp"

namespace limp::core {

using namespace declare;

namespace {

Task<> upload(Event& event) {
    const Object& args = event.doc_args;
    event.piece = FilePiece{
        .attr = args.find("attr")->string(),
        .index = args.find("index")->string(),
        .number = args.find("chunk")->integer(),
        .pieces = args.find("total")->integer(),
        .file = args.find("file")->object(),
    };
    event.answer = Answer::ok("Kept the piece.");
    co_return;
}

}  // namespace

Module file() {
    Method method = own("upload", {allow("*")}, upload);
    method.doc_args = {
        needed("attr", Type::Kind::str),      needed("index", Type::Kind::str),  needed("chunk", Type::Kind::integer),
        needed("total", Type::Kind::integer), needed("file", Type::Kind::attrs),
    };
    Module module;
    module.name = "file";
    module.methods = {std::move(method)};
    return module;
}

}  // namespace limp::core
