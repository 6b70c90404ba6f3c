// limp/declare.hpp: short words for declaring modules in C++; each says what a manifest says in JSON.
//
//     using namespace limp::declare;
//
//     limp::Module note;
//     note.name = "note";
//     note.collection = "notes";
//     note.attrs = {required("title", limp::Type::Kind::str), optional("due", limp::Type::Kind::time)};
//     note.methods = {
//         read({allow("*")}),
//         create({allow("create")}),
//         remove({allow("delete")}, needed("_id", limp::Type::Kind::id)),
//         own("count", {allow("*")}, [](limp::Event& event) -> limp::Task<> { … }),
//     };
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "limp/module.hpp"

namespace limp::declare {

inline Attr required(std::string name, Type::Kind kind) {
    return {std::move(name), Type::of(kind), false, {}};
}
inline Attr required(std::string name, Type type) {
    return {std::move(name), std::move(type), false, {}};
}
inline Attr optional(std::string name, Type::Kind kind) {
    return {std::move(name), Type::of(kind), true, {}};
}
inline Attr defaulted(std::string name, Type type, Value value) {
    return {std::move(name), std::move(type), false, std::move(value)};
}

inline Argument needed(std::string name, Type::Kind kind) {
    return {std::move(name), Argument::Need::always, Type::of(kind)};
}
inline Argument one_of(std::string name, Type::Kind kind) {
    return {std::move(name), Argument::Need::one_of, Type::of(kind)};
}

inline Permission allow(std::string privilege, Value query = Object{}, Document doc = {}) {
    return {std::move(privilege), std::move(query), std::move(doc), {}};
}

inline Method method(std::string name, Operation operation, std::vector<Permission> permissions) {
    Method declared;
    declared.name = std::move(name);
    declared.operation = operation;
    declared.order = operation == Operation::read ? Method::Order::read : Method::Order::write;
    declared.permissions = std::move(permissions);
    return declared;
}
inline Method read(std::vector<Permission> permissions) {
    return method("read", Operation::read, std::move(permissions));
}
inline Method create(std::vector<Permission> permissions) {
    return method("create", Operation::create, std::move(permissions));
}
inline Method update(std::vector<Permission> permissions, Argument which) {
    Method declared = method("update", Operation::update, std::move(permissions));
    declared.query_args.push_back(std::move(which));
    return declared;
}
inline Method remove(std::vector<Permission> permissions, Argument which) {
    Method declared = method("delete", Operation::remove, std::move(permissions));
    declared.query_args.push_back(std::move(which));
    return declared;
}

// A method of the module's own: `body` sets the event's answer.
inline Method own(std::string name, std::vector<Permission> permissions, Step body) {
    Method declared = method(std::move(name), Operation::own, std::move(permissions));
    declared.body = std::move(body);
    return declared;
}

}  // namespace limp::declare
