// limp/module.hpp: a typed document, its methods with permissions, its extensions and its hooks.
//
// Modules come from manifests (limp.json) and from packages in C++; both fill these structures, and a manifest says
// nothing that a package could not. docs/modules.md explains each option with an example.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "limp/attr.hpp"
#include "limp/call.hpp"
#include "limp/query.hpp"
#include "limp/session.hpp"
#include "limp/store.hpp"
#include "limp/task.hpp"

namespace limp {

class Host;
struct Module;
struct Method;

// A piece of a file that comes before the call it is for (docs/protocol.md, "Files in pieces").
struct FilePiece {
    std::string attr;         // of the doc that is to come
    std::string index;        // of the file among those of that attr: "0", "1", …
    std::int64_t number = 1;  // of the piece, from 1
    std::int64_t pieces = 1;  // that the file has
    Object file;              // as in a doc; the content is this piece's
};

// One call at work: what hooks and methods of one's own see, and may change.
struct Event {
    Host& host;
    const Module& module;
    const Method& method;
    SessionPtr session;
    const Peer& peer;

    Query query;  // after permissions: narrow it, never widen it
    // What is to be stored. In an update what is to change, as the client says it, with typed values: attrs and paths
    // into them ("author.name"); null unsets, and an operator is an object ({"$add": 1}). docs/updates.md
    Document doc;
    Object query_args;               // declared query arguments that are no attrs
    Object doc_args;                 // declared doc arguments that are no attrs
    std::vector<Document> docs;      // after a read: what was found; after a create: what was stored
    std::vector<Change> with;        // further changes, stored with this call's own, all or nothing
    std::optional<Answer> answer;    // a before-hook that sets it ends the call; a method of one's own must set it
    std::optional<FilePiece> piece;  // when set: kept by the connection for the next call whose doc has that attr
    SessionPtr next_session;         // when set: the session of the connection from here on
};

// A hook, or the body of a method: a coroutine, or, where a hook has nothing to wait for, a plain function. It may
// throw a Refusal; whatever else it throws fails its call with 500.
class Step {
public:
    Step() = default;

    template <class Function>
        requires std::invocable<Function&, Event&> && (!std::same_as<std::remove_cvref_t<Function>, Step>)
    Step(Function function) {
        if constexpr (std::is_void_v<std::invoke_result_t<Function&, Event&>>) {
            run_ = [function = std::move(function)](Event& event) mutable -> Task<> {
                function(event);
                co_return;
            };
        } else {
            run_ = std::move(function);
        }
    }

    explicit operator bool() const { return static_cast<bool>(run_); }
    Task<> operator()(Event& event) const { return run_(event); }

private:
    std::function<Task<>(Event&)> run_;
};

// retrieve: "retrieve_file", the bytes of one file of a document. Its query has "_id" and "var": "attr", or "attr;name"
// for the file of that name among several. By HTTP GET alone.
enum class Operation { read, create, update, remove, undelete, retrieve, own };

// An argument of a method, in its query or its doc.
struct Argument {
    enum class Need {
        always,    // "!name": it must be there
        one_of,    // "^name": at least one of the arguments so marked must be there
        optional,  // "name": it may be there
    };
    std::string name;
    Need need = Need::always;
    Type type;  // for arguments that are no attrs of the module
};

// Who may call a method, on which documents, and with what. The first set whose privilege fits wins.
struct Permission {
    std::string privilege;          // "*": everybody; "p": has it; "__NOT:p": has it not; "module.p": in another module
    Value query = Object{};         // ANDed with the caller's query; may use $__user, $__time, $__access
    Document doc;                   // set over the caller's doc; null: the caller may not set that attr
    std::vector<std::string> hide;  // attrs absent from the answer, and not to be filtered or sorted by
    bool hard = false;              // delete: "$soft": true deletes for good
};

struct Method {
    // How a call waits for others of its connection (docs/protocol.md, "Order").
    enum class Order { read, write, barrier };

    std::string name;
    Operation operation = Operation::own;
    Order order = Order::write;
    bool get_method = false;  // served by HTTP GET alone
    std::vector<Argument> query_args;
    std::vector<Argument> doc_args;
    std::vector<Permission> permissions;
    Step body;  // own: what it does
};

// On reading, the id in `attr` (or each id of the list) is replaced by the document of `module` that it names.
struct Extn {
    std::string attr;
    std::string module;              // or "$__doc.<attr>": the module named by that attr of the same document
    std::vector<std::string> attrs;  // what is shown of it besides _id; empty: all
    bool deep = false;               // its own extns are followed too
};

struct HookPoint {
    enum class When { before, after };
    When when = When::before;
    Operation operation = Operation::read;
    Step step;
};

struct Module {
    std::string name;        // "blog_cat"
    std::string package;     // "sample"
    std::string collection;  // empty: a module of methods only
    std::vector<Attr> attrs;
    std::vector<Extn> extns;
    std::vector<Method> methods;
    std::vector<std::string> privileges = {"read", "create", "update", "delete", "admin"};
    std::vector<std::vector<std::string>> unique;   // combinations of attrs that no two live documents share
    std::vector<std::vector<std::string>> indexes;  // attrs that documents are found and ordered by, in that order
    std::vector<std::string> searched;              // attrs whose words $search finds
    bool history = false;                           // what updates change is kept (core's module diff)
    std::vector<HookPoint> hooks;

    // What else is to happen at an operation: before it is done, when query and doc may still be changed; and after it,
    // when event.docs and event.answer have what came of it. Hooks run in the order in which they were added.
    Module& before(Operation operation, Step step) {
        hooks.push_back({HookPoint::When::before, operation, std::move(step)});
        return *this;
    }
    Module& after(Operation operation, Step step) {
        hooks.push_back({HookPoint::When::after, operation, std::move(step)});
        return *this;
    }

    const Attr* attr(std::string_view attr_name) const { return find_attr(attrs, attr_name); }
    const Method* method(std::string_view method_name) const {
        for (const Method& one : methods)
            if (one.name == method_name) return &one;
        return nullptr;
    }
    const Extn* extn(std::string_view attr_name) const {
        for (const Extn& one : extns)
            if (one.attr == attr_name) return &one;
        return nullptr;
    }
};

}  // namespace limp
