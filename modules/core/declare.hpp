// Short words for declaring modules: what a manifest says in JSON.
#pragma once

#include "limp/limp.hpp"

namespace limp::core {

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

inline HookPoint before(Operation operation, Step step) {
    return {HookPoint::When::before, operation, std::move(step)};
}

}  // namespace limp::core
