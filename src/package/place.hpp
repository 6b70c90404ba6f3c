// package/place.hpp: one place in a manifest: what stands there, and how to say that it is wrong.
//
// The questions come in the words of manifests ("a text", "a list"); a wrong answer throws a ManifestError that names
// the file, the line, what stands there and what would be right.
#pragma once

#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "package/located_json.hpp"

namespace limp::package {

// what(): `modules/shop/limp.json:12: unknown type "strr"; did you mean "str"?`
class ManifestError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// A view: the file's name and the node outlive it.
class Place {
public:
    Place(const std::string& file, const Node& node, std::string label)
        : file_(&file), node_(&node), label_(std::move(label)) {}

    const std::string& name() const { return node_->name; }  // as a member of an object
    const std::string& label() const { return label_; }      // for messages: `"title"`, `element 2 of "tags"`
    int line() const { return node_->line; }
    bool is(Value::Kind kind) const { return node_->kind == kind; }

    // The place must hold that kind of value.
    const std::string& text() const;
    bool truth() const;
    std::vector<Place> elements() const;     // of a list
    std::vector<Place> members() const;      // of an object
    std::vector<std::string> texts() const;  // of a list of texts
    Value value() const { return node_->value(); }
    Object object() const;

    // Of an object.
    bool has(std::string_view key) const { return node_->find(key) != nullptr; }
    Place at(std::string_view key) const;  // the key must be there
    void allow_only(std::initializer_list<std::string_view> keys) const;

    // The place that a path like "[2].name" leads to from here, or the nearest one around it that there is.
    Place inside(std::string_view path) const {
        return {*file_, nearest_place(*node_, path), label_ + std::string(path)};
    }

    // The place must hold lower-case letters, digits and "_", beginning with a letter; gives it back.
    const std::string& lower_name() const;

    // Throws: "<file>:<line>: <what>".
    [[noreturn]] void fail(const std::string& what) const;

    // Throws: `unknown <noun> "strr"; did you mean "str"?`
    [[noreturn]] void fail_unknown(std::string_view noun, std::string_view word, std::span<const std::string> known)
        const;

private:
    void expect(Value::Kind kind) const;

    const std::string* file_;
    const Node* node_;
    std::string label_;
};

}  // namespace limp::package
