// limp/attr.hpp: the typed attrs of a module.
//
// A Type says which JSON values an attr takes and what they mean. src/types checks and converts by it; the table of
// all types, what each accepts and how it is stored stands in docs/modules.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "limp/value.hpp"

namespace limp {

struct Attr;

struct Type {
    enum class Kind {
        any,          // whatever JSON can say
        id,           // 24 lower-case hex digits
        str,          // text
        integer,      // int64
        real,         // double; integers are accepted
        boolean,      // true, false
        email,        // a@b.c
        phone,        // +971500000000
        uri_web,      // http(s)://host[:port][/path][?query]
        ip,           // an IPv4 or IPv6 address
        time,         // a moment, UTC, milliseconds: "2026-11-22T13:11:00.123Z"
        file,         // {name, type, size, lastModified} with bytes kept apart from the document
        bin,          // bytes, kept apart from the document
        geo,          // {"type": "Point", "coordinates": [longitude, latitude]}
        locale,       // {locale: text} over the configured locales
        locales,      // one of the configured locales
        object,       // named children, each of its own type
        choice,       // one of `literals` (LIMP's tuple)
        list,         // any number of `element`
        privileges,   // {module: [privilege, …] | "*"}
        attrs,        // an object of the app's own making
        access,       // {anon: bool, users: [id, …], groups: [id, …]}
        diff,         // the history of a document, kept by limpd
        date,         // a day: "2026-11-22"
        datetime,     // a moment like `time`; what says no offset is UTC
        time_of_day,  // "13:11:00.000", always with milliseconds: the order of the texts is that of the times
        dict,         // an object of entries: element[0] their keys, element[1] their values
        any_of,       // one of the types in `element`, the first that fits
        counter,      // a text with a number that limpd counts up with each document
    };

    Kind kind = Kind::any;
    std::vector<Value> literals;  // choice: the values allowed
    std::vector<Attr> children;   // object: the attrs inside
    std::vector<Type> element;    // list: exactly one, the type of each element; dict: two; any_of: two or more

    // What narrows a type, each for some kinds only (docs/modules.md).
    Value min;                             // null: any. Numbers: the least value. Lists, dicts, texts: the least size
    Value max;                             // the same upwards. date, datetime, time, time_of_day: texts, "+3d" from now
    std::string pattern;                   // str: an RE2 expression that all of it matches; counter: what it looks like
    std::vector<std::string> media_types;  // file: "image/png", "image/*"; empty: any
    std::int64_t size_max = 0;             // file, bin: bytes; 0: any
    std::vector<std::string> required;     // dict: keys that must be there

    static Type of(Kind kind);
    static Type list_of(Type element);
    static Type one_of(std::vector<Value> literals);
    static Type object_of(std::vector<Attr> children);
};

struct Attr {
    std::string name;
    Type type;
    bool optional = false;               // may be absent from a stored document
    std::optional<Value> default_value;  // stored when a create does not give the attr; may be a variable ("$__time")
    std::string was = {};                // what it was called before; empty: never otherwise
};

inline Type Type::of(Kind kind) {
    Type type;
    type.kind = kind;
    return type;
}

inline Type Type::list_of(Type element) {
    Type type = of(Kind::list);
    type.element.push_back(std::move(element));
    return type;
}

inline Type Type::one_of(std::vector<Value> literals) {
    Type type = of(Kind::choice);
    type.literals = std::move(literals);
    return type;
}

inline Type Type::object_of(std::vector<Attr> children) {
    Type type = of(Kind::object);
    type.children = std::move(children);
    return type;
}

// The attr of that name, or nullptr.
inline const Attr* find_attr(const std::vector<Attr>& attrs, std::string_view name) {
    for (const Attr& attr : attrs)
        if (attr.name == name) return &attr;
    return nullptr;
}

}  // namespace limp
