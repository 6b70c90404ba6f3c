// types/types.hpp: what the attr types mean.
//
// Pure functions: a type and a JSON value in, the value as it is stored out. The table in docs/modules.md says for each
// type what it accepts, what it refuses, and how it is stored; this room is that table.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "limp/attr.hpp"
#include "limp/store.hpp"
#include "limp/value.hpp"

namespace limp::types {

// A value is not of its type. what() says for people what was wrong and what would be right, as the rest of a sentence
// that begins with the attr's name: "must be a whole number, without quotes"; `path` leads from the attr to the place
// inside it ("", ".en_AE", "[2].name").
class TypeError : public std::runtime_error {
public:
    TypeError(std::string path, const std::string& wanted) : std::runtime_error(wanted), path(std::move(path)) {}
    std::string path;
};

// What a type needs to know besides the value.
struct Context {
    std::span<const std::string> locales;
    std::string_view locale;  // the default one
    // Keeps the bytes of a file or bin value and gives the id under which they are found. convert() alone calls it,
    // and may call it before it refuses a later part of the same value.
    std::function<std::string(std::string bytes)> keep_bytes;
    // The value comes from a stored document: files are named by __file and have no content, texts and names of locales
    // that are configured no longer are kept, and history passes.
    bool is_stored = false;
    std::optional<std::int64_t> now_ms = {};  // since 1970: what bounds like "+3d" count from; empty: the clock's now
};

// The bytes that clients send as a file's content: base64, a list of byte values, these as a text between commas, or a
// Uint8Array. Throws TypeError.
std::string read_content(const Value& content);

// The value as it is stored. Null is returned as null: whether an attr may be null is its module's business.
// Throws TypeError.
Value convert(const Type& type, const Value& value, const Context& context);

// The value as a filter compares it: an id of any case, a time in any form, as they are stored. For a list type the
// value is one of its elements, for a locale a text, for an object type a scalar (any child). What narrows a type does
// not narrow what it is compared with. Throws TypeError; always for null and for types that do not compare with a value
// (file, bin, geo, privileges, attrs, access, diff, dict).
Value convert_operand(const Type& type, const Value& value, const Context& context);

// The stored value as a reader sees it: file and bin without what is kept apart; everything else as it is.
Value present(const Type& type, const Value& stored);

// Whether values of the type hold files or other bytes that are kept apart, at any depth. When not, present() leaves
// all of them as they are.
bool holds_files(const Type& type);

// How documents get the numbers of an attr of type counter: its pattern, "INV-$__counter:6", taken apart. Throws
// TypeError when that has not exactly one "$__counter", or asks for less than 1 or more than 18 digits.
Numbering numbering_of(const Attr& attr);

// The type as manifests and core/describe write it: "str", ["id"], {"a": "int"}, {"enum": ["x", "y"]},
// {"int": {"min": 0}}.
Value describe(const Type& type);

// The same for people: str, ["id"].
std::string text_of(const Type& type);

// The type that a manifest names. Throws TypeError (with the place in `path`), naming the nearest known type.
Type parse_type(const Value& declared);

// The type found when a path goes into this one: a child of an object, a locale of a locale attr, an entry of a dict,
// anything below attrs, privileges and any; through lists the element; for a union what its types that have such a
// place find there. Nothing when there is no such place.
std::optional<Type> child(const Type& type, std::string_view name, const Context& context);

}  // namespace limp::types
